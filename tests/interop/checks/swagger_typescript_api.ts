// Reads and updates people with the client of swagger-typescript-api.
import { Api } from "./sta/api";
import { BASE_URL, ODD_ID, TITLE, checkDocumented, checkOdd, headers } from "./expectations";

const api = new Api({ baseUrl: BASE_URL, baseApiParams: { headers, format: "json" } });

async function main() {
  const query = { callingData: true };
  const { data: person } = await api.people.getMyOwnDetails(query);
  checkDocumented(person);
  checkOdd((await api.people.getPersonDetails(ODD_ID)).data);
  const update = { ...person, displayName: person.displayName!, title: TITLE };
  await api.people.updatePerson(person.id, update, query);
}

main();

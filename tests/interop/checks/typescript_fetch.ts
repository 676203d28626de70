// Reads and updates people with the client of openapi-generator `typescript-fetch`.
import { Configuration, PeopleApi } from "./fetch";
import { BASE_URL, ODD_ID, TITLE, TOKEN, checkDocumented, checkOdd } from "./expectations";

const api = new PeopleApi(new Configuration({ basePath: BASE_URL, accessToken: TOKEN }));

async function main() {
  // A 204 has no person, which the types say.
  const person = (await api.getMyOwnDetails({ callingData: true }))!;
  checkDocumented(person);
  checkOdd((await api.getPersonDetails({ personId: ODD_ID }))!);
  const personUpdate = { ...person, displayName: person.displayName!, title: TITLE };
  await api.updatePerson({ personId: person.id, personUpdate, callingData: true });
}

main();

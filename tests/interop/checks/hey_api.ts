// Reads and updates people with the client of @hey-api/openapi-ts.
import { client } from "./hey/client.gen";
import { getMyOwnDetails, getPersonDetails, updatePerson } from "./hey/sdk.gen";
import type { Person } from "./hey/types.gen";
import { BASE_URL, ODD_ID, TITLE, checkDocumented, checkOdd, headers } from "./expectations";

client.setConfig({ baseUrl: BASE_URL, headers, throwOnError: true });

async function main() {
  const query = { callingData: true };
  const me = await getMyOwnDetails({ query, throwOnError: true });
  const person = me.data as Person;
  checkDocumented(person);
  const odd = await getPersonDetails({ path: { personId: ODD_ID }, throwOnError: true });
  checkOdd(odd.data as Person);
  const body = { ...person, displayName: person.displayName!, title: TITLE };
  await updatePerson({ path: { personId: person.id }, query, body, throwOnError: true });
}

main();

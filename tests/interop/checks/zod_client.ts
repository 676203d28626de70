// Reads and updates people with the client of openapi-zod-client, which checks every value.
import assert from "node:assert";
import { createApiClient, schemas } from "./zod";

const { BASE_URL, TOKEN, ODD_ID, TITLE } = process.env as Record<string, string>;
const client = createApiClient(BASE_URL, {
  axiosConfig: { headers: { authorization: `Bearer ${TOKEN}` } },
});

async function main() {
  const queries = { callingData: true };
  const person: any = await client.getMyOwnDetails({ queries });
  assert.equal(person.displayName, "John Andersen");
  assert.equal(person.loginEnabled, "true");

  const odd: any = await client.getPersonDetails({ params: { personId: ODD_ID } });
  assert.equal(odd.status, "asleep");
  assert.equal(odd.loginEnabled, true);
  assert.equal(odd.favouriteColour, "green");

  const update = schemas.PersonUpdate.parse({ ...person, title: TITLE });
  await client.updatePerson(update, { params: { personId: person.id }, queries });
}

main();

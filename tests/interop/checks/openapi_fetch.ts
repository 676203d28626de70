// Reads and updates people with openapi-fetch and the types of openapi-typescript.
import assert from "node:assert";
import createClient from "openapi-fetch";
import type { components, paths } from "./people";

const { BASE_URL, TOKEN, ODD_ID, TITLE } = process.env as Record<string, string>;
const client = createClient<paths>({
  baseUrl: BASE_URL,
  headers: { authorization: `Bearer ${TOKEN}` },
});

async function main() {
  const query = { callingData: true };
  const { data: person } = await client.GET("/people/me", { params: { query } });
  assert(person);
  assert.equal(person.displayName, "John Andersen");
  assert.equal(person.loginEnabled, "true");

  const path = { personId: ODD_ID };
  const { data: odd } = await client.GET("/people/{personId}", { params: { path } });
  assert(odd);
  assert.equal(odd.status, "asleep");
  assert.equal(odd.loginEnabled, true);
  assert.equal(odd.favouriteColour, "green");

  const body: components["schemas"]["PersonUpdate"] = {
    ...person,
    displayName: person.displayName!,
    title: TITLE,
  };
  const { error } = await client.PUT("/people/{personId}", {
    params: { path: { personId: person.id }, query },
    body,
  });
  assert.equal(error, undefined);
}

main();

// Reads and updates people with the fetch client of orval, whose paths have no host.
import assert from "node:assert";
import { getMyOwnDetails, getPersonDetails, updatePerson } from "./orval/api";
import { BASE_URL, ODD_ID, TITLE, checkDocumented, checkOdd, headers } from "./expectations";

const { fetch } = globalThis;
globalThis.fetch = (path, options) => fetch(`${BASE_URL}${path}`, options);

async function main() {
  const query = { callingData: true };
  const me = await getMyOwnDetails(query, { headers });
  assert(me.status === 200);
  checkDocumented(me.data);
  const odd = await getPersonDetails(ODD_ID, undefined, { headers });
  assert(odd.status === 200);
  checkOdd(odd.data);
  const update = { ...me.data, displayName: me.data.displayName!, title: TITLE };
  const updated = await updatePerson(me.data.id, update, query, { headers });
  assert.equal(updated.status, 200);
}

main();

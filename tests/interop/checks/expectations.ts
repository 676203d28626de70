// What every TypeScript check expects of the people that it has read.
import assert from "node:assert";

export const { BASE_URL, TOKEN, ODD_ID, TITLE } = process.env as Record<string, string>;
export const headers = { authorization: `Bearer ${TOKEN}` };

/** The documented person. */
export function checkDocumented(person: object) {
  const { displayName, loginEnabled } = person as Record<string, unknown>;
  assert.equal(displayName, "John Andersen");
  assert.equal(loginEnabled, "true");
}

/** The person with a new status, a flag as a boolean and an unknown property. */
export function checkOdd(person: object) {
  const { status, loginEnabled, favouriteColour } = person as Record<string, unknown>;
  assert.equal(status, "asleep");
  assert.equal(loginEnabled, true);
  assert.equal(favouriteColour, "green");
}

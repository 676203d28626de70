"""Reads and updates people with the models of datamodel-code-generator, and httpx."""

import os

import httpx
from people_models import Person, PersonUpdate

base = os.environ["BASE_URL"]
client = httpx.Client(headers={"authorization": f"Bearer {os.environ['TOKEN']}"})


def read(person_id):
    response = client.get(f"{base}/people/{person_id}", params={"callingData": "true"})
    return Person.model_validate_json(response.raise_for_status().text)


person = read("me")
assert person.displayName == "John Andersen", person.displayName

odd = read(os.environ["ODD_ID"]).model_dump(mode="json", exclude_unset=True)
assert odd["status"] == "asleep", odd
assert odd["loginEnabled"] is True, odd
assert odd["favouriteColour"] == "green", odd

values = person.model_dump(mode="json", exclude_unset=True)
update = PersonUpdate.model_validate({**values, "title": os.environ["TITLE"]})
body = update.model_dump_json(exclude_unset=True)
response = client.put(
    f"{base}/people/{person.id}",
    params={"callingData": "true"},
    content=body,
    headers={"content-type": "application/json"},
)
response.raise_for_status()

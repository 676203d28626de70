"""Reads and updates people with the client of openapi-python-client."""

import os

from webex_people_api_client import AuthenticatedClient
from webex_people_api_client.api.people import (
    get_my_own_details,
    get_person_details,
    update_person,
)
from webex_people_api_client.models import Person, PersonUpdate

client = AuthenticatedClient(base_url=os.environ["BASE_URL"], token=os.environ["TOKEN"])

person = get_my_own_details.sync(client=client, calling_data=True)
assert isinstance(person, Person), person
assert person.display_name == "John Andersen"
assert str(getattr(person.login_enabled, "value", person.login_enabled)) == "true"

odd = get_person_details.sync(os.environ["ODD_ID"], client=client)
assert odd.status == "asleep"
assert odd.login_enabled is True
assert odd.additional_properties["favouriteColour"] == "green"

names = {
    "emails", "phoneNumbers", "extension", "locationId", "displayName", "firstName", "lastName",
    "avatar", "orgId", "roles", "licenses", "department", "manager", "managerId", "title",
    "addresses", "siteUrls", "nickName", "loginEnabled",
}
update = PersonUpdate.from_dict(
    {name: value for name, value in person.to_dict().items() if name in names}
)
update.title = os.environ["TITLE"]
answer = update_person.sync_detailed(
    person.id, client=client, body=update, calling_data=True
)
assert answer.status_code == 200, answer.content

"""Reads and updates people with the client of openapi-generator for Python."""

import os

import openapi_client
from openapi_client.models.person_update import PersonUpdate

configuration = openapi_client.Configuration(
    host=os.environ["BASE_URL"], access_token=os.environ["TOKEN"]
)
people = openapi_client.PeopleApi(openapi_client.ApiClient(configuration))


def value(flag):
    """A flag, which the client without the overlay keeps in a class of its own."""
    return getattr(flag, "actual_instance", flag)


person = people.get_my_own_details(calling_data=True)
assert person.display_name == "John Andersen"
assert value(person.login_enabled) == "true"

odd = people.get_person_details(os.environ["ODD_ID"])
assert odd.status == "asleep"
assert value(odd.login_enabled) is True and value(odd.invite_pending) == "false"
assert odd.additional_properties["favouriteColour"] == "green"

properties = person.to_dict()
names = [field.alias or name for name, field in PersonUpdate.model_fields.items()]
update = PersonUpdate.from_dict({name: properties[name] for name in names if name in properties})
update.title = os.environ["TITLE"]
people.update_person(person.id, update, calling_data=True)

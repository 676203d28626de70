import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.PeopleApi;
import org.openapitools.client.model.Person;
import org.openapitools.client.model.PersonUpdate;

/** Reads and updates people with the client of openapi-generator for Java. */
public class Check {
    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        ApiClient client = new ApiClient();
        client.updateBaseUri(environment.get("BASE_URL"));
        String token = "Bearer " + environment.get("TOKEN");
        client.setRequestInterceptor(request -> request.header("Authorization", token));
        PeopleApi people = new PeopleApi(client);

        Person person = people.getMyOwnDetails(true);
        expect("John Andersen", person.getDisplayName());
        expect("true", flag(person.getLoginEnabled()));

        Person odd = people.getPersonDetails(environment.get("ODD_ID"), null);
        expect("asleep", odd.getStatus());
        expect("true", flag(odd.getLoginEnabled()));
        expect("green", odd.getAdditionalProperty("favouriteColour"));

        ObjectMapper mapper = ApiClient.createDefaultObjectMapper();
        mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
        PersonUpdate update = mapper.convertValue(mapper.valueToTree(person), PersonUpdate.class);
        update.title(environment.get("TITLE"));
        people.updatePerson(person.getId(), update, true, null, null);
    }

    /** A flag as text. Without the overlay, the client keeps it in a class of its own. */
    private static String flag(Object flag) throws Exception {
        try {
            return flag.getClass().getMethod("getActualInstance").invoke(flag).toString();
        } catch (NoSuchMethodException plain) {
            return flag.toString();
        }
    }

    private static void expect(Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
    }
}

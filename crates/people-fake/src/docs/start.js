// Shows the contract; requests use the token that is selected above it.
const token = document.getElementById("token");

const ui = SwaggerUIBundle({
  url: "/openapi.yaml",
  dom_id: "#reference",
  deepLinking: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
  // The validator is on another server.
  validatorUrl: null,
  onComplete: authorize,
});

function authorize() {
  ui.preauthorizeApiKey("bearerAuth", token.value);
}

token.addEventListener("change", authorize);

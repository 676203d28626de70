// Shows the contract, ready to be tried out as whoever is chosen above it.
const token = document.getElementById("token");

const ui = SwaggerUIBundle({
  url: "/openapi.yaml",
  dom_id: "#reference",
  deepLinking: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
  // It would ask another server.
  validatorUrl: null,
  onComplete: authorize,
});

function authorize() {
  ui.preauthorizeApiKey("bearerAuth", token.value);
}

token.addEventListener("change", authorize);

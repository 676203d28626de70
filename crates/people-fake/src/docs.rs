//! The reference in the browser: a page, Swagger UI, and the contract that it shows. Everything is
//! served by this process; the content security policy blocks other sources.

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use hyper::http::request::Parts;
use hyper::service::Service;
use hyper::{Method, Request, StatusCode};
use hyper_util::service::TowerToHyperService;
use swagger_ui_dist::{ApiDefinition, OpenApiSource};

use crate::response::ServiceResponse;
use crate::routes;

/// The page, which loads [`SCRIPT`].
const PAGE: &str = include_str!("docs/index.html");

/// Starts Swagger UI on the page.
const SCRIPT: &str = include_str!("docs/start.js");

/// Allows what this service serves, and the inline styles of Swagger UI.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The contract to show.
#[derive(Debug)]
pub(crate) struct Docs {
    yaml: Bytes,
    /// `None` if the text is not YAML that JSON can express.
    json: Option<Bytes>,
}

impl Docs {
    pub(crate) fn new(contract: &str) -> Self {
        let yaml = with_own_server(contract);
        Self {
            json: to_json(&yaml),
            yaml: yaml.into(),
        }
    }

    /// The response, if the request is for the reference.
    pub(crate) async fn respond(&self, head: &Parts) -> Option<ServiceResponse> {
        if head.method != Method::GET {
            return None;
        }
        let found = |media, bytes| ServiceResponse::bytes(StatusCode::OK, media, bytes);
        Some(match head.uri.path() {
            "/" | "/docs" | "/docs/" => {
                let mut response = found(
                    "text/html; charset=utf-8",
                    Bytes::from_static(PAGE.as_bytes()),
                );
                response.set(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
                response
            }
            "/openapi.yaml" => found("application/yaml", self.yaml.clone()),
            "/openapi.json" => found("application/json", self.json.clone()?),
            "/docs/start.js" => found("text/javascript", Bytes::from_static(SCRIPT.as_bytes())),
            path @ "/docs/swagger-ui-bundle.js" => found("text/javascript", asset(path).await?),
            path @ "/docs/swagger-ui.css" => found("text/css", asset(path).await?),
            _ => return None,
        })
    }
}

/// YAML as JSON, with the names of each object in the same order.
fn to_json(yaml: &str) -> Option<Bytes> {
    let value: yaml_serde::Value = yaml_serde::from_str(yaml).ok()?;
    serde_json::to_vec(&value).ok().map(Bytes::from)
}

/// A file of Swagger UI, which its crate offers only through a router.
async fn asset(path: &str) -> Option<Bytes> {
    let routes = swagger_ui_dist::generate_routes(ApiDefinition {
        uri_prefix: "/docs",
        api_definition: OpenApiSource::Uri("/openapi.yaml"),
        title: None,
    });
    let request = Request::get(path).body(Empty::<Bytes>::new()).ok()?;
    let response = TowerToHyperService::new(routes).call(request).await.ok()?;
    let file = response.into_body().collect().await.ok()?;
    Some(file.to_bytes())
}

/// The contract with this service as its only server.
///
/// The rest of the text stays as it is, with its comments and order. This requires that `servers`
/// starts a line, as in block style.
fn with_own_server(contract: &str) -> String {
    let own = format!(
        "servers:\n  - url: {}\n    description: This fake\n",
        routes::BASE
    );
    let mut text = String::with_capacity(contract.len());
    let mut inside = false;
    let mut replaced = false;
    for line in contract.split_inclusive('\n') {
        if line.starts_with("servers:") {
            inside = true;
            if !replaced {
                text += &own;
            }
            replaced = true;
            continue;
        }
        // Its lines are indented, list items, blank or comments.
        if inside && (line.trim().is_empty() || line.starts_with([' ', '\t', '-', '#'])) {
            continue;
        }
        inside = false;
        text += line;
    }
    if !replaced {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text += &own;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "servers:\n  - url: /v1\n    description: This fake\n";

    #[test]
    fn servers_are_replaced_by_the_fake() {
        let cases = [
            (
                "openapi: 3.0.3\nservers:\n  - url: https://a/v1\n    x: y\n\n# c\n  - url: b\npaths: {}\n",
                format!("openapi: 3.0.3\n{OWN}paths: {{}}\n"),
            ),
            (
                "servers: [{ url: https://a }]\ntags:\n  - name: servers:\n",
                format!("{OWN}tags:\n  - name: servers:\n"),
            ),
            ("servers:\n- url: a\n", OWN.to_owned()),
            ("paths: {}", format!("paths: {{}}\n{OWN}")),
        ];
        for (contract, expected) in cases {
            assert_eq!(with_own_server(contract), expected);
        }
    }
}

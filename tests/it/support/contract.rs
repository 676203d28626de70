//! Checks that a response is one that the contract describes, and a fake whose every response is
//! checked.

use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Draft;
use people_fake::{Builder, Exchange, FakePeople};
use serde_json::{Value, json};

use super::{CONTRACT, resolve};

/// Checks `answer` against the contract.
pub(crate) fn check(answer: &Exchange<'_>) -> Result<(), String> {
    let problem = |what: String| {
        let Exchange { method, path, .. } = answer;
        let status = answer.status;
        format!("{method} {path} answered {status}: {what}")
    };
    if answer.headers.get("trackingid").is_none() {
        return Err(problem("the header TrackingID is missing".to_owned()));
    }
    let Some(item) = path_item(answer.path) else {
        return (answer.status == 404)
            .then_some(())
            .ok_or_else(|| "expected 404 for a path that is not in the contract".to_owned())
            .and_then(|()| error_body(answer))
            .map_err(problem);
    };
    let method = answer.method.to_ascii_lowercase();
    let Some(operation) = item.get(&method) else {
        return method_not_allowed(answer, item).map_err(problem);
    };
    let status = answer.status.to_string();
    let Some(response) = operation["responses"].get(&status) else {
        return Err(problem(format!(
            "{} does not list this status",
            operation["operationId"]
        )));
    };
    let response = resolve(response);
    headers(answer, response)
        .and_then(|()| body(answer, response))
        .map_err(problem)
}

/// The entry of the contract that `path` belongs to.
fn path_item(path: &str) -> Option<&'static Value> {
    let path = path.strip_prefix("/v1")?;
    let paths = CONTRACT["paths"].as_object()?;
    let matches = |template: &str| {
        let mut parts = template.split('/').zip(path.split('/'));
        template.split('/').count() == path.split('/').count()
            && parts
                .all(|(part, found)| part == found || (part.starts_with('{') && !found.is_empty()))
    };
    let (_, item) = paths
        .iter()
        .filter(|(template, _)| matches(template))
        // A literal path takes precedence over one with a parameter.
        .min_by_key(|(template, _)| template.contains('{'))?;
    Some(item)
}

fn method_not_allowed(answer: &Exchange<'_>, item: &Value) -> Result<(), String> {
    if answer.status != 405 {
        return Err("expected 405 for a method that is not in the contract".to_owned());
    }
    let mut expected: Vec<String> = ["get", "put", "post", "delete", "patch"]
        .into_iter()
        .filter(|method| item.get(method).is_some())
        .map(str::to_ascii_uppercase)
        .collect();
    expected.sort_unstable();
    let allow = answer.headers.get("allow").map(|value| value.to_str());
    let Some(Ok(allow)) = allow else {
        return Err("405 without `Allow`".to_owned());
    };
    let mut found: Vec<_> = allow.split(", ").map(str::to_owned).collect();
    found.sort_unstable();
    if found != expected {
        return Err(format!(
            "`Allow` is `{allow}`, and the path takes {expected:?}"
        ));
    }
    error_body(answer)
}

fn headers(answer: &Exchange<'_>, response: &'static Value) -> Result<(), String> {
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let Some(value) = answer.headers.get(name.as_str()) else {
            continue;
        };
        let text = value.to_str().map_err(|error| format!("{name}: {error}"))?;
        validate(&json!(text), &resolve(header)["schema"])
            .map_err(|reason| format!("{name}: {reason}"))?;
    }
    Ok(())
}

fn body(answer: &Exchange<'_>, response: &Value) -> Result<(), String> {
    let Some(content) = response.get("content") else {
        return if answer.body.is_empty() {
            Ok(())
        } else {
            Err("the contract has no body here".to_owned())
        };
    };
    let media_type = answer
        .headers
        .get("content-type")
        .map(|value| value.to_str());
    let Some(Ok(media_type)) = media_type else {
        return Err("there is no Content-Type".to_owned());
    };
    let Some(described) = content.get(media_type) else {
        return Err(format!("the contract has no body of the type {media_type}"));
    };
    let value: Value =
        serde_json::from_slice(answer.body).map_err(|error| format!("no JSON: {error}"))?;
    validate(&value, &described["schema"])
}

fn error_body(answer: &Exchange<'_>) -> Result<(), String> {
    let value: Value =
        serde_json::from_slice(answer.body).map_err(|error| format!("no JSON: {error}"))?;
    validate(
        &value,
        &json!({ "$ref": "#/components/schemas/ErrorResponse" }),
    )
}

/// Validates `value` against `schema`, whose references point into the contract.
fn validate(value: &Value, schema: &Value) -> Result<(), String> {
    let mut root = CONTRACT.clone();
    root["allOf"] = json!([schema]);
    // OpenAPI 3.0 and this draft agree on what stands beside a `$ref`: it is ignored.
    let validator = jsonschema::options()
        .with_draft(Draft::Draft4)
        .should_validate_formats(true)
        .build(&root)
        .map_err(|error| error.to_string())?;
    let problems: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems.join("; "))
    }
}

/// A fake that panics when it is dropped after a response that the contract does not describe.
/// Responses of faults are not checked.
pub(crate) struct CheckedFake {
    fake: Option<FakePeople>,
    problems: Arc<Mutex<Vec<String>>>,
}

/// Starts a fake with its default people whose every response is checked.
pub(crate) async fn fake() -> CheckedFake {
    checked(FakePeople::builder()).await
}

/// Starts a fake whose every response is checked.
pub(crate) async fn checked(builder: Builder) -> CheckedFake {
    let problems = Arc::new(Mutex::new(Vec::new()));
    let found = Arc::clone(&problems);
    let fake = builder
        .inspect(move |answer| {
            if !answer.from_fault
                && let Err(problem) = check(answer)
            {
                found
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(problem);
            }
        })
        .start()
        .await
        .expect("a fake");
    CheckedFake {
        fake: Some(fake),
        problems,
    }
}

impl CheckedFake {
    /// The problems found since the last call.
    pub(crate) fn take_problems(&self) -> Vec<String> {
        let mut problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *problems)
    }

    /// The fake, for a test that stops it.
    pub(crate) fn into_inner(mut self) -> FakePeople {
        self.fake.take().expect("taken only here")
    }
}

impl Deref for CheckedFake {
    type Target = FakePeople;

    fn deref(&self) -> &FakePeople {
        self.fake.as_ref().expect("taken only by `into_inner`")
    }
}

impl Drop for CheckedFake {
    fn drop(&mut self) {
        let problems = self.take_problems();
        assert!(
            problems.is_empty() || std::thread::panicking(),
            "responses that the contract does not describe:\n{}",
            problems.join("\n")
        );
    }
}

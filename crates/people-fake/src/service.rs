//! Turns one request into one response: authentication, routing, faults. Sockets are in `server`, the
//! rules of an update in `update`.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, RETRY_AFTER};
use hyper::http::request::Parts;
use hyper::http::uri::Authority;
use hyper::{HeaderMap, Response, StatusCode};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::directory::Directory;
#[cfg(feature = "docs")]
use crate::docs::Docs;
use crate::fault::{Apply, DropAt, FaultBody};
use crate::fault_schedule::{FaultEffects, FaultResponse, FaultSchedule};
use crate::log::{Content, Exchange, Inspector, Request, RequestLog};
use crate::observed::ObservedRule;
use crate::options::Options;
use crate::person::{self, Person, text};
use crate::response::{ApiError, ConnectionDropped, ResponseBody, ServiceResponse};
use crate::routes::{self, Action, Match, Route};
use crate::tokens::{Rejected, Tokens};
use crate::update::{Update, Updated};
use crate::visibility;

/// The body of a request.
#[derive(Debug)]
pub(crate) enum RequestBody {
    Complete(Bytes),
    TooLarge,
    Incomplete,
}

/// The settings of a service, fixed when it starts.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) options: Options,
    /// A fixed start time; `None` follows the system clock.
    pub(crate) clock: Option<SystemTime>,
    /// Whether requests for host names that are not loopback are answered.
    pub(crate) any_host: bool,
    /// The maximum number of recorded requests.
    pub(crate) log_length: usize,
    /// The maximum length of all recorded requests together, in bytes.
    pub(crate) log_bytes: usize,
    /// Whether headers and bodies of requests are recorded.
    pub(crate) record_content: bool,
    pub(crate) inspector: Option<Inspector>,
    #[cfg(feature = "docs")]
    pub(crate) docs: Option<Docs>,
}

/// The settings and the state of a service.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) config: Config,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) directory: Directory,
    pub(crate) tokens: Tokens,
    pub(crate) faults: FaultSchedule,
    pub(crate) log: RequestLog,
    pub(crate) received: u64,
    /// The number of updates applied.
    updates: u32,
    /// The number of people shown.
    shown: usize,
}

impl Service {
    pub(crate) fn new(directory: Directory, config: Config) -> Self {
        Self {
            config,
            state: Mutex::new(State {
                directory,
                tokens: Tokens::default(),
                faults: FaultSchedule::default(),
                log: RequestLog::default(),
                received: 0,
                updates: 0,
                shown: 0,
            }),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Responds to one request, or drops the connection.
    pub(crate) async fn respond(
        &self,
        head: &Parts,
        body: RequestBody,
    ) -> Result<Response<ResponseBody>, ConnectionDropped> {
        let started = Instant::now();
        let host_error = self.check_host(head).err();
        #[cfg(feature = "docs")]
        if host_error.is_none()
            && let Some(docs) = &self.config.docs
            && let Some(response) = docs.respond(head).await
        {
            return Ok(response.into_hyper(true));
        }
        let path = head.uri.path();
        let matched = routes::find(&head.method, path);
        let (number, effects) = {
            let mut state = self.state();
            state.received += 1;
            let number = state.received;
            let effects = match &matched {
                Match::Found(route, _) if host_error.is_none() => {
                    state.faults.next(route, path, Instant::now())
                }
                _ => FaultEffects::default(),
            };
            let content = self.config.record_content.then(|| Content {
                headers: head.headers.clone(),
                body: match &body {
                    RequestBody::Complete(bytes) => Some(bytes.clone()),
                    RequestBody::TooLarge | RequestBody::Incomplete => None,
                },
            });
            state.log.push(
                Request {
                    number,
                    method: head.method.to_string(),
                    path: path.to_owned(),
                    query: head.uri.query().map(str::to_owned),
                    status: None,
                    content,
                },
                self.config.log_length,
                self.config.log_bytes,
            );
            (number, effects)
        };
        let tracking_id = format!("FAKE_{number:08}");
        if !effects.delay.is_zero() {
            tokio::time::sleep(effects.delay).await;
        }
        let mut response = match (host_error, matched) {
            (Some(error), _) => ServiceResponse::error(&error, &tracking_id),
            (None, Match::Found(route, id)) => {
                self.run(head, route, id.as_deref(), body, &effects, &tracking_id)
            }
            (None, Match::MethodNotAllowed(allow)) => {
                ServiceResponse::error(&ApiError::method_not_allowed(allow), &tracking_id)
            }
            (None, Match::NotFound) => ServiceResponse::error(&unknown_route(head), &tracking_id),
        };
        if effects.drop == Some(DropAt::Head) {
            return Err(ConnectionDropped);
        }
        response.set_tracking_id(&tracking_id);
        if let Some(Inspector(inspect)) = &self.config.inspector {
            inspect(&Exchange {
                method: head.method.as_str(),
                path,
                status: response.status().as_u16(),
                headers: response.headers(),
                body: response.body(),
                duration: started.elapsed(),
                from_fault: effects.response.is_some() || effects.drop.is_some(),
            });
        }
        self.state().log.set_status(number, response.status());
        Ok(response.into_hyper(effects.drop.is_none()))
    }

    /// Rejects a request for a host name that is not loopback: a page of another site can reach this
    /// service through a name that resolves to this machine (DNS rebinding).
    fn check_host(&self, head: &Parts) -> Result<(), ApiError> {
        let host = head.headers.get(HOST);
        let host = host.map(|host| String::from_utf8_lossy(host.as_bytes()));
        // The target of a request can name the host too, and then decides.
        let host = head.uri.authority().map(|it| it.as_str().into()).or(host);
        match host {
            Some(host) if !self.config.any_host && !is_loopback(&host) => {
                let problem = "This service answers requests for loopback host names only, such as \
                               `localhost`; `--allow-remote` (`Builder::allow_remote`) allows all";
                Err(ApiError::new(StatusCode::MISDIRECTED_REQUEST, problem))
            }
            _ => Ok(()),
        }
    }

    /// Runs the operation of a route, under the effects of the faults.
    fn run(
        &self,
        head: &Parts,
        route: &Route,
        id: Option<&str>,
        body: RequestBody,
        effects: &FaultEffects,
        tracking_id: &str,
    ) -> ServiceResponse {
        let fails = effects.drop == Some(DropAt::Head)
            || effects
                .response
                .as_ref()
                .is_some_and(|response| !response.status.is_success());
        let apply = match &effects.apply {
            Some(apply) => apply.clone(),
            None if fails => Apply::None,
            None => Apply::All,
        };
        let call = Call {
            service: self,
            head,
            apply,
            licenses_dropped: effects.licenses_dropped,
        };
        // A failure that applies nothing does not depend on the request.
        let usual = if fails && call.apply == Apply::None {
            None
        } else {
            Some(match call.run(route.action, id, body) {
                Ok(response) => response,
                Err(error) => ServiceResponse::error(&error, tracking_id),
            })
        };
        match (&effects.response, usual) {
            (None, Some(usual)) => usual,
            (None, None) => ServiceResponse::empty(StatusCode::INTERNAL_SERVER_ERROR),
            (Some(fault), usual) => apply_fault(fault, usual, tracking_id),
        }
    }

    /// The current time of the service.
    fn now(&self, updates: u32) -> DateTime<Utc> {
        match self.config.clock {
            Some(start) => DateTime::from(start) + TimeDelta::milliseconds(i64::from(updates)),
            None => SystemTime::now().into(),
        }
    }
}

/// The response of a fault, in place of the usual one.
fn apply_fault(
    fault: &FaultResponse,
    usual: Option<ServiceResponse>,
    tracking_id: &str,
) -> ServiceResponse {
    let status = fault.status;
    let without_body = [
        StatusCode::ACCEPTED,
        StatusCode::NO_CONTENT,
        StatusCode::RESET_CONTENT,
        StatusCode::NOT_MODIFIED,
    ]
    .contains(&status);
    let mut response = match &fault.body {
        _ if without_body => ServiceResponse::empty(status),
        Some(FaultBody::Empty) => ServiceResponse::empty(status),
        Some(FaultBody::Raw(text)) => {
            ServiceResponse::bytes(status, "application/json", text.clone().into())
        }
        Some(FaultBody::Html) => {
            let page = format!(
                "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}\
                 </h1></center>\r\n<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n"
            );
            ServiceResponse::bytes(status, "text/html", page.into())
        }
        None if status.is_success() => match usual {
            Some(usual) if usual.status().is_success() => usual.with_status(status),
            Some(usual) => return usual,
            None => ServiceResponse::empty(status),
        },
        None | Some(FaultBody::Error) => {
            let problem = status.canonical_reason().unwrap_or("Unknown failure");
            ServiceResponse::error(&ApiError::new(status, problem), tracking_id)
        }
    };
    if let Some(text) = &fault.retry_after {
        response.set_text(RETRY_AFTER, text);
    }
    response
}

/// Whether a host, with or without a port, is a loopback address or a name of one.
fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = address.parse::<IpAddr>() {
        return address.is_loopback();
    }
    let name = name.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

fn unknown_route(head: &Parts) -> ApiError {
    let mut problems = vec![format!(
        "There is no route {} {}",
        head.method,
        head.uri.path()
    )];
    problems.extend(routes::list().map(|route| format!("There is {route}")));
    ApiError::all(StatusCode::NOT_FOUND, problems)
}

/// A request with a route.
struct Call<'a> {
    service: &'a Service,
    head: &'a Parts,
    apply: Apply,
    licenses_dropped: bool,
}

impl Call<'_> {
    fn run(
        &self,
        action: Action,
        id: Option<&str>,
        body: RequestBody,
    ) -> Result<ServiceResponse, ApiError> {
        let mut state = self.service.state();
        if action == Action::RenewToken {
            return Ok(self.renew_token(&mut state, &body));
        }
        let caller = self.authenticate(&state)?.clone();
        let query = Query::parse(self.head.uri.query(), action)?;
        if query.calling_data
            && !person::is_admin(&caller)
            && let Some(status) = self.service.config.options.calling_data_without_admin
        {
            let problem = "callingData: only an administrator can request it";
            return Err(ApiError::new(status, problem));
        }
        if !accepts_json(&self.head.headers) {
            let problem = "Accept: the response is available as application/json only";
            return Err(ApiError::new(StatusCode::NOT_FOUND, problem));
        }
        let options = &self.service.config.options;
        let id = id.unwrap_or_default();
        let by_uuid = state.directory.id_of_uuid(id).map(str::to_owned);
        let id = match &by_uuid {
            Some(found) if options.has(ObservedRule::UuidIds) => found,
            _ => id,
        };
        let mut shown = match action {
            Action::Find => return self.find(&state.directory, &caller, &query),
            // A renewal is answered above.
            Action::RenewToken | Action::ReadSelf => self.visible(&caller, &caller, &query)?,
            Action::Read => {
                let person = state.directory.person(id).ok_or_else(person_not_found)?;
                self.visible(person, &caller, &query)?
            }
            Action::Update => self.update(&mut state, id, &caller, &query, body)?,
        };
        if options.has(ObservedRule::ShuffledEmails)
            && let Some(Value::Array(emails)) = shown.get_mut("emails")
            && emails.len() > 1
        {
            state.shown += 1;
            let middle = state.shown % emails.len();
            emails.rotate_left(middle);
        }
        Ok(ServiceResponse::json(StatusCode::OK, &Value::Object(shown)))
    }

    /// The owner of the access token.
    fn authenticate<'d>(&self, state: &'d State) -> Result<&'d Person, ApiError> {
        let token = self
            .head
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        token
            .filter(|token| !state.tokens.is_expired(token))
            .and_then(|token| state.directory.owner(token))
            .ok_or_else(|| {
                ApiError::new(StatusCode::UNAUTHORIZED, "A valid access token is required")
            })
    }

    /// The people with an e-mail address, as the caller sees them.
    fn find(
        &self,
        directory: &Directory,
        caller: &Person,
        query: &Query,
    ) -> Result<ServiceResponse, ApiError> {
        let Some(email) = &query.email else {
            let problem = "email: this parameter is required";
            return Err(ApiError::new(StatusCode::BAD_REQUEST, problem));
        };
        let has_email = |person: &&Person| {
            person::texts(person, "emails").any(|own| own.eq_ignore_ascii_case(email))
        };
        let found = directory.all().filter(has_email);
        let items: Vec<Value> = found
            .filter_map(|person| self.visible(person, caller, query).ok())
            .map(Value::Object)
            .collect();
        Ok(ServiceResponse::json(
            StatusCode::OK,
            &json!({ "items": items }),
        ))
    }

    fn renew_token(&self, state: &mut State, body: &RequestBody) -> ServiceResponse {
        let options = &self.service.config.options;
        let State {
            directory, tokens, ..
        } = state;
        let renewed = match body {
            RequestBody::Complete(form) => tokens.renew(
                form,
                directory,
                options.access_token_lifetime,
                options.rotates_refresh_tokens,
            ),
            RequestBody::TooLarge | RequestBody::Incomplete => Err(Rejected::new(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "The body is too large or incomplete",
            )),
        };
        match renewed {
            Ok(tokens) => ServiceResponse::json(StatusCode::OK, &tokens),
            Err(Rejected(status, body)) => ServiceResponse::json(status, &body),
        }
    }

    fn visible(&self, person: &Person, caller: &Person, query: &Query) -> Result<Person, ApiError> {
        let options = &self.service.config.options;
        visibility::visible(person, caller, query.calling_data, options)
            .ok_or_else(person_not_found)
    }

    fn update(
        &self,
        state: &mut State,
        id: &str,
        caller: &Person,
        query: &Query,
        body: RequestBody,
    ) -> Result<Person, ApiError> {
        let options = &self.service.config.options;
        if !person::is_admin(caller) {
            let problem = "Only an administrator can update a person";
            return Err(ApiError::new(StatusCode::FORBIDDEN, problem));
        }
        let person = state.directory.person(id).ok_or_else(person_not_found)?;
        // A person who is not visible to the caller is not found by an update either.
        self.visible(person, caller, query)?;
        if person::organization(person) != person::organization(caller) {
            let problem = "This person is in another organization";
            return Err(ApiError::new(options.update_in_other_organization, problem));
        }
        let body = self.parse_body(body)?;
        let update = Update {
            body: &body,
            show_all_types: query.show_all_types,
            apply: self.apply.clone(),
            licenses_dropped: self.licenses_dropped,
            directory: &state.directory,
            options,
        };
        let Updated {
            mut person,
            errors,
            modified,
        } = update.run(person)?;
        if modified {
            state.updates += 1;
            let now = self.service.now(state.updates);
            person.insert("lastModified".to_owned(), next_modified(&person, now));
            state.directory.set(person.clone());
        }
        let mut shown = if query.min_response {
            let id = person.get("id").cloned().unwrap_or_default();
            Map::from_iter([("id".to_owned(), id)])
        } else {
            // The update may have removed the caller's own administrator role.
            let caller = state.directory.person(text(caller, "id")).unwrap_or(caller);
            self.visible(&person, caller, query)?
        };
        if !errors.is_empty() {
            shown.insert("errors".to_owned(), Value::Object(errors));
        }
        Ok(shown)
    }

    fn parse_body(&self, body: RequestBody) -> Result<Map<String, Value>, ApiError> {
        let bad = |problem: String| ApiError::new(StatusCode::BAD_REQUEST, problem);
        let media_type = self
            .head
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .map(str::trim);
        if !media_type.is_some_and(|media| media.eq_ignore_ascii_case("application/json")) {
            let problem = "Send the body as application/json";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem));
        }
        let bytes = match body {
            RequestBody::Complete(bytes) => bytes,
            RequestBody::TooLarge => {
                let largest = self.service.config.options.max_request_bytes;
                return Err(bad(format!("The body is larger than {largest} bytes")));
            }
            RequestBody::Incomplete => return Err(bad("The body is incomplete".to_owned())),
        };
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(body)) => Ok(body),
            Ok(_) => Err(bad("The body is not a JSON object".to_owned())),
            Err(error) => Err(bad(format!("The body is not JSON: {error}"))),
        }
    }
}

fn person_not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "No person has this id")
}

/// A `lastModified` that is later than the person's last one and not before `now`.
fn next_modified(person: &Person, now: DateTime<Utc>) -> Value {
    let last = DateTime::parse_from_rfc3339(text(person, "lastModified"))
        .map(|last| last.with_timezone(&Utc) + TimeDelta::milliseconds(1));
    let time = last.map_or(now, |last| last.max(now));
    json!(time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// The query parameters of the contract; others are ignored.
#[derive(Debug, Default)]
struct Query {
    calling_data: bool,
    show_all_types: bool,
    min_response: bool,
    /// Of a route outside the contract.
    email: Option<String>,
}

impl Query {
    fn parse(query: Option<&str>, action: Action) -> Result<Self, ApiError> {
        let mut parsed = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let update = action == Action::Update;
            let parameter = match name.as_ref() {
                "callingData" => &mut parsed.calling_data,
                "showAllTypes" if update => &mut parsed.show_all_types,
                "minResponse" if update => &mut parsed.min_response,
                "email" if action == Action::Find => {
                    parsed.email = Some(value.into_owned());
                    continue;
                }
                _ => continue,
            };
            *parameter = parse_parameter(&value).ok_or_else(|| {
                let problem = format!("{name}: expected true or false");
                ApiError::new(StatusCode::BAD_REQUEST, problem)
            })?;
        }
        Ok(parsed)
    }
}

/// Case is ignored: a client in Python sends `True`.
fn parse_parameter(value: &str) -> Option<bool> {
    if value.eq_ignore_ascii_case("true") {
        Some(true)
    } else if value.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Whether the client accepts JSON.
fn accepts_json(headers: &HeaderMap) -> bool {
    let mut ranges = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .peekable();
    if ranges.peek().is_none() {
        return true;
    }
    ranges.any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default();
        let excluded = parts.any(|parameter| {
            let weight = parameter.strip_prefix("q=").map(str::parse::<f64>);
            weight.is_some_and(|weight| weight == Ok(0.0))
        });
        let json = ["*/*", "application/*", "application/json"];
        !excluded && json.iter().any(|known| media.eq_ignore_ascii_case(known))
    })
}

//! The service itself: one request in, one answer out. Knows no sockets; `server` does.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Response, StatusCode};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::answer::{Answer, AnswerBody, CutOff, Refusal};
use crate::directory::{self, Directory, Person};
#[cfg(feature = "docs")]
use crate::docs::Docs;
use crate::fault::{Apply, Cut, FaultBody};
use crate::log::{Exchange, Inspector, Request};
use crate::options::Options;
use crate::plan::{FaultAnswer, Faults, Plan};
use crate::routes::{self, Action, Match, Route};
use crate::update::{Update, Updated};
use crate::visibility;

/// What a request's body came to.
#[derive(Debug)]
pub(crate) enum Received {
    Whole(Bytes),
    TooLarge,
    Broken,
}

/// Everything the service keeps.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) options: Options,
    /// The service's time, when it does not follow the clock.
    start: Option<SystemTime>,
    log_length: usize,
    inspector: Option<Inspector>,
    #[cfg(feature = "docs")]
    docs: Option<Docs>,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) directory: Directory,
    pub(crate) faults: Faults,
    pub(crate) log: VecDeque<Request>,
    pub(crate) received: u64,
    /// How many updates have been carried out.
    updates: u32,
}

impl Service {
    pub(crate) fn new(
        directory: Directory,
        options: Options,
        start: Option<SystemTime>,
        log_length: usize,
        inspector: Option<Inspector>,
        #[cfg(feature = "docs")] docs: Option<Docs>,
    ) -> Self {
        Self {
            options,
            start,
            log_length,
            inspector,
            #[cfg(feature = "docs")]
            docs,
            state: Mutex::new(State {
                directory,
                faults: Faults::default(),
                log: VecDeque::new(),
                received: 0,
                updates: 0,
            }),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers one request, or cuts the connection.
    pub(crate) async fn answer(
        &self,
        head: &Parts,
        received: Received,
    ) -> Result<Response<AnswerBody>, CutOff> {
        #[cfg(feature = "docs")]
        if let Some(docs) = &self.docs
            && let Some(answer) = docs.answer(head).await
        {
            return Ok(answer.send(true));
        }
        let path = head.uri.path();
        let found = routes::find(&head.method, path);
        let (number, plan) = {
            let mut state = self.state();
            state.received += 1;
            let number = state.received;
            let plan = match &found {
                Match::Found(route, _) => state.faults.plan(route, path, Instant::now()),
                _ => Plan::default(),
            };
            state.log_start(head, number, self.log_length);
            (number, plan)
        };
        let tracking_id = format!("FAKE_{number:08}");
        if !plan.delay.is_zero() {
            tokio::time::sleep(plan.delay).await;
        }
        let mut answer = match found {
            Match::Found(route, id) => {
                self.carry_out(head, route, id.as_deref(), received, &plan, &tracking_id)
            }
            Match::OtherMethod(allow) => Answer::refusal(&Refusal::method(allow), &tracking_id),
            Match::Unknown => Answer::refusal(&unknown(head), &tracking_id),
        };
        if plan.cut == Some(Cut::Head) {
            return Err(CutOff);
        }
        answer.track(&tracking_id);
        if let Some(Inspector(inspect)) = &self.inspector {
            inspect(&Exchange {
                method: head.method.as_str(),
                path,
                status: answer.status().as_u16(),
                headers: answer.headers(),
                body: answer.body(),
                faulty: plan.answer.is_some() || plan.cut.is_some(),
            });
        }
        self.state().log_end(number, answer.status());
        Ok(answer.send(plan.cut.is_none()))
    }

    fn carry_out(
        &self,
        head: &Parts,
        route: &Route,
        id: Option<&str>,
        received: Received,
        plan: &Plan,
        tracking_id: &str,
    ) -> Answer {
        let fails = plan.cut == Some(Cut::Head)
            || plan
                .answer
                .as_ref()
                .is_some_and(|answer| !answer.status.is_success());
        let apply = match &plan.apply {
            Some(apply) => apply.clone(),
            None if fails => Apply::None,
            None => Apply::All,
        };
        let call = Call {
            service: self,
            head,
            apply,
            licenses_dropped: plan.licenses_dropped,
        };
        // A failure that touches nothing needs no look at the request.
        let usual = if fails && call.apply == Apply::None {
            None
        } else {
            Some(match call.of(route.action, id, received) {
                Ok(person) => Answer::json(StatusCode::OK, &Value::Object(person)),
                Err(refusal) => Answer::refusal(&refusal, tracking_id),
            })
        };
        match (&plan.answer, usual) {
            (None, Some(usual)) => usual,
            (None, None) => Answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
            (Some(fault), usual) => instead(fault, usual, tracking_id),
        }
    }

    /// The time now, in the form of the contract.
    fn now(&self, updates: u32) -> DateTime<Utc> {
        match self.start {
            Some(start) => DateTime::from(start) + TimeDelta::milliseconds(i64::from(updates)),
            None => SystemTime::now().into(),
        }
    }
}

/// The answer that a fault gives in place of the usual one.
fn instead(fault: &FaultAnswer, usual: Option<Answer>, tracking_id: &str) -> Answer {
    let status = fault.status;
    let bodiless = [
        StatusCode::ACCEPTED,
        StatusCode::NO_CONTENT,
        StatusCode::RESET_CONTENT,
        StatusCode::NOT_MODIFIED,
    ]
    .contains(&status);
    let mut answer = match &fault.body {
        _ if bodiless => Answer::empty(status),
        Some(FaultBody::Empty) => Answer::empty(status),
        Some(FaultBody::Raw(text)) => {
            Answer::bytes(status, "application/json", text.clone().into())
        }
        Some(FaultBody::Html) => {
            let page = format!(
                "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}\
                 </h1></center>\r\n<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n"
            );
            Answer::bytes(status, "text/html", page.into())
        }
        None if status.is_success() => match usual {
            Some(usual) if usual.status().is_success() => usual.under(status, true),
            Some(usual) => return usual,
            None => Answer::empty(status),
        },
        None | Some(FaultBody::Error) => {
            let problem = status
                .canonical_reason()
                .unwrap_or("Failure without a name");
            Answer::refusal(&Refusal::new(status, problem), tracking_id)
        }
    };
    if let Some(text) = &fault.retry_after {
        answer.set_text(RETRY_AFTER, text);
    }
    answer
}

fn unknown(head: &Parts) -> Refusal {
    let mut problems = vec![format!(
        "There is no route {} {}",
        head.method,
        head.uri.path()
    )];
    problems.extend(routes::list().map(|route| format!("There is {route}")));
    Refusal::all(StatusCode::NOT_FOUND, problems)
}

impl State {
    fn log_start(&mut self, head: &Parts, number: u64, length: usize) {
        if length == 0 {
            return;
        }
        while self.log.len() >= length {
            self.log.pop_front();
        }
        self.log.push_back(Request {
            number,
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            status: None,
        });
    }

    fn log_end(&mut self, number: u64, status: StatusCode) {
        if let Ok(at) = self
            .log
            .binary_search_by_key(&number, |request| request.number)
        {
            self.log[at].status = Some(status.as_u16());
        }
    }
}

/// A request that has a route.
struct Call<'a> {
    service: &'a Service,
    head: &'a Parts,
    apply: Apply,
    licenses_dropped: bool,
}

impl Call<'_> {
    fn of(&self, action: Action, id: Option<&str>, received: Received) -> Result<Person, Refusal> {
        let mut state = self.service.state();
        let caller = self.caller(&state.directory)?.clone();
        let query = Query::of(self.head.uri.query(), action)?;
        if query.calling_data
            && !directory::is_admin(&caller)
            && let Some(status) = self.service.options.calling_data_refused
        {
            let problem = "callingData: only an administrator may ask for it";
            return Err(Refusal::new(status, problem));
        }
        if !accepts_json(&self.head.headers) {
            let problem = "Accept: this is answered as application/json only";
            return Err(Refusal::new(StatusCode::NOT_FOUND, problem));
        }
        match action {
            Action::ReadSelf => self.seen(&caller, &caller, &query),
            Action::Read => {
                let person = state.directory.person(id.unwrap_or_default());
                self.seen(person.ok_or_else(nobody)?, &caller, &query)
            }
            Action::Update => self.update(
                &mut state,
                id.unwrap_or_default(),
                &caller,
                &query,
                received,
            ),
        }
    }

    fn caller<'d>(&self, directory: &'d Directory) -> Result<&'d Person, Refusal> {
        let token = self
            .head
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim());
        token
            .and_then(|token| directory.owner(token))
            .ok_or_else(|| {
                Refusal::new(StatusCode::UNAUTHORIZED, "A valid access token is required")
            })
    }

    fn seen(&self, person: &Person, caller: &Person, query: &Query) -> Result<Person, Refusal> {
        visibility::seen(person, caller, query.calling_data, &self.service.options)
            .ok_or_else(nobody)
    }

    fn update(
        &self,
        state: &mut State,
        id: &str,
        caller: &Person,
        query: &Query,
        received: Received,
    ) -> Result<Person, Refusal> {
        if !directory::is_admin(caller) {
            let problem = "Only an administrator may change a person";
            return Err(Refusal::new(StatusCode::FORBIDDEN, problem));
        }
        let person = state.directory.person(id).ok_or_else(nobody)?;
        // Whoever may not see a person learns nothing from trying to change it.
        self.seen(person, caller, query)?;
        if directory::organization(person) != directory::organization(caller) {
            let problem = "This person is in another organization";
            return Err(Refusal::new(self.service.options.update_elsewhere, problem));
        }
        let body = self.body(received)?;
        let update = Update {
            body: &body,
            show_all_types: query.show_all_types,
            apply: self.apply.clone(),
            licenses_dropped: self.licenses_dropped,
            known_licenses: state.directory.licenses(),
            options: &self.service.options,
        };
        let Updated {
            mut person,
            errors,
            modified,
        } = update.of(person)?;
        if modified {
            state.updates += 1;
            let now = self.service.now(state.updates);
            person.insert("lastModified".to_owned(), moved(&person, now));
            state.directory.set(person.clone());
        }
        let mut answer = if query.min_response {
            let id = person.get("id").cloned().unwrap_or_default();
            Map::from_iter([("id".to_owned(), id)])
        } else {
            // An administrator may have given that up with this very update.
            let caller = state.directory.person(text(caller, "id")).unwrap_or(caller);
            self.seen(&person, caller, query)?
        };
        if !errors.is_empty() {
            answer.insert("errors".to_owned(), Value::Object(errors));
        }
        Ok(answer)
    }

    fn body(&self, received: Received) -> Result<Map<String, Value>, Refusal> {
        let bad = |problem: String| Refusal::new(StatusCode::BAD_REQUEST, problem);
        let media_type = self
            .head
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .map(str::trim);
        if !media_type.is_some_and(|media| media.eq_ignore_ascii_case("application/json")) {
            let problem = "Send the body as application/json";
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, problem));
        }
        let bytes = match received {
            Received::Whole(bytes) => bytes,
            Received::TooLarge => {
                let largest = self.service.options.largest_body;
                return Err(bad(format!("The body is larger than {largest} bytes")));
            }
            Received::Broken => return Err(bad("The body broke off".to_owned())),
        };
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(body)) => Ok(body),
            Ok(_) => Err(bad("The body is no JSON object".to_owned())),
            Err(error) => Err(bad(format!("The body is no JSON: {error}"))),
        }
    }
}

fn nobody() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "No person has this id")
}

fn text<'a>(person: &'a Person, name: &str) -> &'a str {
    person.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A time later than the one that the person was modified last, and not before `now`.
fn moved(person: &Person, now: DateTime<Utc>) -> Value {
    let last = DateTime::parse_from_rfc3339(text(person, "lastModified"))
        .map(|last| last.with_timezone(&Utc) + TimeDelta::milliseconds(1));
    let time = last.map_or(now, |last| last.max(now));
    json!(time.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// The query parameters that the contract knows; others mean nothing.
#[derive(Debug, Default)]
struct Query {
    calling_data: bool,
    show_all_types: bool,
    min_response: bool,
}

impl Query {
    fn of(query: Option<&str>, action: Action) -> Result<Self, Refusal> {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let update = action == Action::Update;
            let parameter = match name.as_ref() {
                "callingData" => &mut read.calling_data,
                "showAllTypes" if update => &mut read.show_all_types,
                "minResponse" if update => &mut read.min_response,
                _ => continue,
            };
            *parameter = truth(&value).ok_or_else(|| {
                let problem = format!("{name}: expected true or false");
                Refusal::new(StatusCode::BAD_REQUEST, problem)
            })?;
        }
        Ok(read)
    }
}

/// In any case of letters: `True` is what a client in Python sends.
fn truth(value: &str) -> Option<bool> {
    if value.eq_ignore_ascii_case("true") {
        Some(true)
    } else if value.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Whether JSON is among what the client takes.
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
        let refused = parts.any(|parameter| {
            let weight = parameter.strip_prefix("q=").map(str::parse::<f64>);
            weight.is_some_and(|weight| weight == Ok(0.0))
        });
        let json = ["*/*", "application/*", "application/json"];
        !refused && json.iter().any(|known| media.eq_ignore_ascii_case(known))
    })
}

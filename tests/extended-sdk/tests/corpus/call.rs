//! A row of the tables: a call of one operation, the whole request that it sends, and the response that it
//! gets, with what is read of it and written back.

use std::pin::Pin;

use people_sdk_extended::{Client, Error};
use serde::Serialize;

use super::server::{Sent, Server};

/// What a call gives: the value of the response, where it has one.
pub(crate) type Outcome<'a> = Pin<Box<dyn Future<Output = Result<Option<Read>, Error>> + 'a>>;

/// A value that was read.
pub(crate) struct Read {
    is_expected: bool,
    written: String,
}

impl Read {
    /// A text that is no JSON.
    pub(crate) fn of_text(text: String) -> Self {
        Self {
            is_expected: true,
            written: text,
        }
    }
}

/// Checks a value, and writes it back.
pub(crate) fn read<T: Serialize>(value: &T, is_expected: impl FnOnce(&T) -> bool) -> Read {
    Read {
        is_expected: is_expected(value),
        written: serde_json::to_string(value).unwrap(),
    }
}

/// A call of an operation whose response has no value: the document, and the call.
macro_rules! sends {
    ($document:expr, $operation:ident() $(.$parameter:ident($($value:expr),*))*) => {
        $crate::call::Call::new($document, 204, "", |client| {
            Box::pin(async move {
                client.$operation()$(.$parameter($($value),*))*.await?;
                Ok(None)
            })
        })
    };
}
pub(crate) use sends;

/// A call of an operation whose response has a value: the document, the call, the body of the response, and
/// whether its value is the expected one.
macro_rules! reads {
    (
        $document:expr, $operation:ident() $(.$parameter:ident($($value:expr),*))*,
        $body:expr, $is_expected:expr $(,)?
    ) => {
        $crate::call::Call::new($document, 200, $body, |client| {
            Box::pin(async move {
                let response = client.$operation()$(.$parameter($($value),*))*.await?;
                Ok(Some($crate::call::read(&*response, $is_expected)))
            })
        })
        .header("accept", "application/json")
    };
}
pub(crate) use reads;

/// A row. By default a `GET` of the path that is named for the document, without parameters.
pub(crate) struct Call {
    /// The name of the document, without `.yaml`.
    pub(crate) document: &'static str,
    run: for<'a> fn(&'a Client) -> Outcome<'a>,
    request: Sent,
    status: u16,
    response: &'static str,
    /// What the value is written back as: the response, unless the row has another.
    written: &'static str,
}

impl Call {
    pub(crate) fn new(
        document: &'static str,
        status: u16,
        response: &'static str,
        run: for<'a> fn(&'a Client) -> Outcome<'a>,
    ) -> Self {
        let headers = [("accept", "*/*"), ("authorization", "Bearer t")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            document,
            run,
            request: Sent {
                target: format!("GET /corpus/{}", document.replace('_', "-")),
                headers: headers.into(),
                body: String::new(),
            },
            status,
            response,
            written: response,
        }
    }

    /// The method and the target of the request.
    pub(crate) fn request(mut self, target: &str) -> Self {
        target.clone_into(&mut self.request.target);
        self
    }

    /// A header of the request.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let headers = &mut self.request.headers;
        headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// No token is sent.
    pub(crate) fn without_token(mut self) -> Self {
        self.request.headers.remove("authorization");
        self
    }

    /// The body of the request, which is JSON unless a header says otherwise.
    pub(crate) fn body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.request.body);
        let headers = &mut self.request.headers;
        let media_type = headers.entry("content-type".to_owned());
        media_type.or_insert_with(|| "application/json".to_owned());
        self
    }

    /// The status of the response.
    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// What the value is written back as, where that is not what came.
    pub(crate) fn written(mut self, json: &'static str) -> Self {
        self.written = json;
        self
    }

    /// Makes the call; what differs from the row is an error.
    async fn run(&self, server: &Server) -> Result<(), String> {
        server.respond(self.status, self.response);
        let outcome = (self.run)(&server.client).await;
        let mut requests = server.take();
        let [sent] = requests.as_mut_slice() else {
            let error = outcome.err().map(|error| error.to_string());
            return Err(format!("sent {requests:?}: {error:?}"));
        };
        // The same in every request, apart from the length, which the server checks.
        for name in ["host", "user-agent", "content-length"] {
            sent.headers.remove(name);
        }
        if *sent != self.request {
            return Err(format!("sent {sent:?}\n  instead of {:?}", self.request));
        }
        match outcome {
            Err(error) => Err(error.to_string()),
            Ok(Some(read)) if !read.is_expected => {
                Err(format!("reads {} as another value", self.response))
            }
            Ok(Some(read)) if read.written != self.written => Err(format!(
                "wrote {}\n  instead of {}",
                read.written, self.written
            )),
            Ok(_) => Ok(()),
        }
    }
}

/// Makes every call of a table, and fails with all that differ.
pub(crate) async fn run(calls: Vec<Call>) {
    let server = Server::start(204, "").await;
    let mut wrong = Vec::new();
    for call in calls {
        if let Err(difference) = call.run(&server).await {
            wrong.push(format!("{}: {difference}", call.document));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

//! A request just before it is sent, as `ClientBuilder::on_request` sees it.

use std::fmt;
use std::sync::Arc;

use reqwest::{Request, Url};

use crate::runtime::error::Error;
use crate::runtime::operation::Operation;
use crate::runtime::request_options::RequestOptions;

/// What is called before each attempt.
pub(crate) type OnRequest = Arc<dyn Fn(&mut OutgoingRequest<'_>) + Send + Sync>;

/// A request just before it is sent, without the access token.
/// [`ClientBuilder::on_request`](crate::ClientBuilder::on_request) is called with it.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "rustls")] {
/// let client = people_sdk::Client::builder()
///     .token("fake-admin")
///     .on_request(|request| {
///         let name = format!("{}-{}", request.operation().id(), request.attempt());
///         request.set_header("X-Request-Name", name);
///         request.set_header("X-Host", request.url().host_str().unwrap_or_default().to_owned());
///         if let Some(body) = request.body() {
///             request.set_header("X-Body-Length", body.len().to_string());
///         }
///     })
///     .build()?;
/// # drop(client);
/// # }
/// # Ok::<(), people_sdk::Error>(())
/// ```
pub struct OutgoingRequest<'a> {
    operation: &'static Operation,
    attempt: u32,
    request: &'a Request,
    options: RequestOptions,
}

impl OutgoingRequest<'_> {
    /// The operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The number of the attempt, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The URL. It can name a person.
    #[must_use]
    pub fn url(&self) -> &Url {
        self.request.url()
    }

    /// The body; `None` without one. It can hold personal data.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.request.body()?.as_bytes()
    }

    /// The value of a header that the client, this call or an earlier `set_header` of this hook has set.
    /// `None` for the access token; for what the HTTP client adds by itself, which are the user agent and
    /// default headers of [`configure_http_client`](crate::ClientBuilder::configure_http_client); and for
    /// a value that is not visible ASCII.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "rustls")] {
    /// let client = people_sdk::Client::builder()
    ///     .token("fake-admin")
    ///     // For the calls that have set none of their own.
    ///     .on_request(|request| {
    ///         if request.header("accept-language").is_none() {
    ///             request.set_header("accept-language", "de");
    ///         }
    ///     })
    ///     .build()?;
    /// # drop(client);
    /// # }
    /// # Ok::<(), people_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let set = self.options.get(name);
        let value = set.or_else(|| self.request.headers().get(name))?;
        value.to_str().ok()
    }

    /// Sets a header, in place of one that the client or the call has set: the hook has the last word.
    /// Credentials and headers of the connection cannot be set: the call then ends with
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest).
    pub fn set_header(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        self.options.header(name.as_ref(), value.as_ref());
    }
}

impl fmt::Debug for OutgoingRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutgoingRequest")
            .field("operation", &self.operation.id())
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// Calls `on_request`, and sets the headers that it asks for.
pub(crate) fn prepare(
    request: &mut Request,
    operation: &'static Operation,
    attempt: u32,
    on_request: Option<&OnRequest>,
) -> Result<(), Error> {
    let Some(on_request) = on_request else {
        return Ok(());
    };
    let mut outgoing = OutgoingRequest {
        operation,
        attempt,
        request,
        options: RequestOptions::default(),
    };
    on_request(&mut outgoing);
    let options = outgoing.options.apply(request.headers_mut());
    options.map_err(|fault| Error::invalid_request(operation, fault))
}

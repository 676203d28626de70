//! The access token: how it is held, and where it comes from. It leaves the process in the
//! `Authorization` header of a call to the configured origin, and nowhere else.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Source;

/// A bearer token, which shows itself nowhere. Each clone is wiped from memory when it is dropped; the
/// header of a request, which holds a copy, is not.
///
/// # Examples
///
/// ```
/// let token = people_sdk::AccessToken::from("fake-admin");
/// assert_eq!(format!("{token:?}"), "AccessToken(…)");
/// ```
#[derive(Clone)]
pub struct AccessToken(Arc<SecretString>);

impl AccessToken {
    /// The token itself, for those who must hand it on.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The value of the `Authorization` header, or why there can be none.
    pub(crate) fn header(&self) -> Result<HeaderValue, &'static str> {
        let token = self.expose();
        if token.is_empty() {
            return Err("the access token is empty");
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(
                "the access token has a space, a line break or another character that no token has",
            );
        }
        let mut header = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| "the access token cannot stand in a header")?;
        header.set_sensitive(true);
        Ok(header)
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

impl From<String> for AccessToken {
    fn from(token: String) -> Self {
        Self(Arc::new(token.into()))
    }
}

impl From<&str> for AccessToken {
    fn from(token: &str) -> Self {
        Self(Arc::new(token.into()))
    }
}

/// The token that a source hands out, when it is ready.
pub type TokenFuture<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Source>> + Send + 'a>>;

/// Where tokens come from when they do not last.
///
/// The client asks before each attempt, so a token that expired during a wait is replaced, and
/// once more when the service answers 401. One question is under way at a time: calls that need a
/// token meanwhile wait for it and share the answer. When the call that asked is given up, one of
/// those that wait asks anew. It is the source that keeps a token for as long as it is good; the
/// client does not use one again without asking.
///
/// The attempt with a renewed token is not one that the
/// [`RetryPolicy`](crate::RetryPolicy) counts, and there is one such per call. A source that has no
/// other token hands out the same, and the call ends with the 401.
///
/// # Examples
///
/// ```
/// use people_sdk::{AccessToken, TokenFuture, TokenSource};
///
/// struct Vault;
///
/// impl TokenSource for Vault {
///     fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
///         Box::pin(async move {
///             // A real source renews its token here when `rejected` is the one that it holds.
///             let _ = rejected;
///             Ok(AccessToken::from("fake-admin"))
///         })
///     }
/// }
///
/// let client = people_sdk::Client::builder().token_source(Vault).build()?;
/// # drop(client);
/// # Ok::<(), people_sdk::Error>(())
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// The token for the next attempt. `rejected` is one that the service has just answered with
    /// 401; another is wanted.
    ///
    /// # Errors
    ///
    /// Whatever keeps the source from a token; the call ends with it as its source.
    fn token<'a>(&'a self, rejected: Option<&'a AccessToken>) -> TokenFuture<'a>;
}

/// A token that lasts.
impl TokenSource for AccessToken {
    fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

/// What a question to the source came to, in a form that all who waited for it can have.
type Answer = Result<AccessToken, Arc<dyn std::error::Error + Send + Sync>>;

/// A source to which one question is put at a time.
pub(crate) struct Credentials {
    source: Box<dyn TokenSource>,
    /// How many questions have been answered.
    answered: AtomicU64,
    last: tokio::sync::Mutex<Option<Answer>>,
}

impl Credentials {
    pub(crate) fn new(source: impl TokenSource) -> Self {
        Self {
            source: Box::new(source),
            answered: AtomicU64::new(0),
            last: tokio::sync::Mutex::new(None),
        }
    }

    /// A token, from a question asked now or from one that was under way.
    pub(crate) async fn token(&self, rejected: Option<&AccessToken>) -> Answer {
        let answered = self.answered.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if self.answered.load(Ordering::Acquire) > answered
            && let Some(answer) = last.as_ref()
            && !is_rejected(answer, rejected)
        {
            return answer.clone();
        }
        let answer = self.source.token(rejected).await.map_err(Arc::from);
        *last = Some(answer.clone());
        self.answered.fetch_add(1, Ordering::Release);
        answer
    }
}

fn is_rejected(answer: &Answer, rejected: Option<&AccessToken>) -> bool {
    match (answer, rejected) {
        (Ok(token), Some(rejected)) => token.expose() == rejected.expose(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    struct Counting(Arc<AtomicUsize>);

    impl TokenSource for Counting {
        fn token<'a>(&'a self, _rejected: Option<&'a AccessToken>) -> TokenFuture<'a> {
            Box::pin(async {
                let number = self.0.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok(AccessToken::from(format!("token-{number}")))
            })
        }
    }

    #[tokio::test]
    async fn those_who_wait_share_the_answer() {
        let count = Arc::new(AtomicUsize::new(0));
        let credentials = Arc::new(Credentials::new(Counting(count.clone())));
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let credentials = credentials.clone();
                tokio::spawn(async move { credentials.token(None).await.unwrap() })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap().expose(), "token-0");
        }
        assert_eq!(count.load(Ordering::SeqCst), 1);
        assert_eq!(credentials.token(None).await.unwrap().expose(), "token-1");
    }

    #[test]
    fn what_cannot_be_a_token_is_refused_without_showing_it() {
        for text in ["", "a b", "a\n", "tokén"] {
            let fault = AccessToken::from(text).header().unwrap_err();
            assert!(text.is_empty() || !fault.contains(text), "{fault}");
        }
        assert!(AccessToken::from("ok").header().unwrap().is_sensitive());
    }
}

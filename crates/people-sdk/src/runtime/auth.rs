//! The access token: how it is held, and where it comes from. It leaves the process in the
//! `Authorization` header of a call to the configured origin, and nowhere else.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use crate::runtime::error::Source;

/// A bearer token, which shows itself nowhere. It is wiped from memory when the last of its clones is
/// dropped; the header that is made of it, which holds a copy, is not.
///
/// # Examples
///
/// ```
/// let token = people_sdk::AccessToken::from("fake-admin");
/// assert_eq!(format!("{token:?}"), "AccessToken(…)");
/// ```
#[derive(Clone)]
pub struct AccessToken(Arc<Inner>);

struct Inner {
    secret: SecretString,
    /// Made once, as the same token stands in every request.
    header: OnceLock<Result<HeaderValue, &'static str>>,
}

impl AccessToken {
    fn new(secret: SecretString) -> Self {
        Self(Arc::new(Inner {
            secret,
            header: OnceLock::new(),
        }))
    }

    /// The token itself, for those who must hand it on.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.secret.expose_secret()
    }

    /// The value of the `Authorization` header, or why there can be none.
    pub(crate) fn header(&self) -> Result<HeaderValue, &'static str> {
        let header = self.0.header.get_or_init(|| header(self.expose()));
        header.clone()
    }
}

fn header(token: &str) -> Result<HeaderValue, &'static str> {
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

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

impl From<String> for AccessToken {
    fn from(token: String) -> Self {
        Self::new(token.into())
    }
}

impl From<&str> for AccessToken {
    fn from(token: &str) -> Self {
        Self::new(token.into())
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

/// Where the client has its tokens from.
pub(crate) enum Credentials {
    /// One token for every attempt. There is no other to ask for.
    Lasting(AccessToken),
    Renewed(Questions),
}

impl Credentials {
    pub(crate) fn renewed(source: impl TokenSource) -> Self {
        Self::Renewed(Questions {
            source: Box::new(source),
            answered: AtomicU64::new(0),
            last: tokio::sync::Mutex::new(None),
        })
    }

    /// A token, in place of the `rejected` one if there was such.
    pub(crate) async fn token(&self, rejected: Option<&AccessToken>) -> Answer {
        match self {
            Self::Lasting(token) => Ok(token.clone()),
            Self::Renewed(questions) => questions.token(rejected).await,
        }
    }
}

/// A source to which one question is put at a time.
pub(crate) struct Questions {
    source: Box<dyn TokenSource>,
    /// How many questions have been answered.
    answered: AtomicU64,
    last: tokio::sync::Mutex<Option<Answer>>,
}

impl Questions {
    /// A token, from a question asked now or from one that was under way.
    async fn token(&self, rejected: Option<&AccessToken>) -> Answer {
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
        let credentials = Arc::new(Credentials::renewed(Counting(count.clone())));
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

//! The proxy that the environment names for connections under TLS, to name it in errors. Which
//! connections go through it is decided by reqwest, which reads the same variables.

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Url;

/// A variable that names a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProxyVariable {
    pub(crate) name: &'static str,
    /// Host and port, without the user name and the password; `None` if the variable names no proxy
    /// that can be used.
    pub(crate) authority: Option<String>,
}

impl ProxyVariable {
    /// The variable that counts for connections to `base`, among those that `value` has. Of each pair,
    /// reqwest takes the first one that is set, and it goes on to the second pair if that cannot be
    /// used.
    pub(crate) fn find(base: &Url, value: impl Fn(&str) -> Option<String>) -> Option<Self> {
        const PAIRS: [[&str; 2]; 2] = [["HTTPS_PROXY", "https_proxy"], ["ALL_PROXY", "all_proxy"]];

        let first = |names: [&'static str; 2]| {
            let mut set = names
                .into_iter()
                .filter_map(|name| Some((name, value(name)?)));
            set.next()
        };
        let exceptions = first(["NO_PROXY", "no_proxy"]).map(|(_, value)| value);
        let exceptions = exceptions.unwrap_or_default();
        let mut unusable = None;
        for pair in PAIRS {
            let Some((name, value)) = first(pair).filter(|(_, value)| !value.is_empty()) else {
                continue;
            };
            let authority = authority(base, &value, "");
            if authority.is_some() {
                // Without the exceptions, it would be used.
                let used = self::authority(base, &value, &exceptions);
                return used.is_some().then_some(Self { name, authority });
            }
            unusable.get_or_insert(Self { name, authority });
        }
        unusable
    }
}

/// Host and port of the proxy `value` for connections to `base`.
fn authority(base: &Url, value: &str, exceptions: &str) -> Option<String> {
    let matcher = Matcher::builder()
        .https(value.to_owned())
        .no(exceptions.to_owned());
    let proxy = matcher.build().intercept(&base.as_str().parse().ok()?)?;
    let default_port = match proxy.uri().scheme_str()? {
        "http" => 80,
        "https" => 443,
        // What reqwest connects to is HTTP alone, with its features here.
        _ => return None,
    };
    let port = proxy.uri().port_u16().unwrap_or(default_port);
    Some(format!("{}:{port}", proxy.uri().host()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_that_counts_is_named_without_its_password() {
        type Row<'a> = (&'a [(&'a str, &'a str)], Option<(&'a str, Option<&'a str>)>);
        let rows: &[Row<'_>] = &[
            (&[], None),
            (&[("HTTP_PROXY", "http://p:1")], None),
            (&[("https_proxy", "")], None),
            (
                &[("https_proxy", "http://u:secret@p:3128/x")],
                Some(("https_proxy", Some("p:3128"))),
            ),
            (
                &[("HTTPS_PROXY", "u:secret@p:1"), ("https_proxy", "q:2")],
                Some(("HTTPS_PROXY", Some("p:1"))),
            ),
            (
                &[("ALL_PROXY", "https://p")],
                Some(("ALL_PROXY", Some("p:443"))),
            ),
            (
                &[("HTTPS_PROXY", "socks5://p:1"), ("all_proxy", "p:2")],
                Some(("all_proxy", Some("p:2"))),
            ),
            (
                &[("HTTPS_PROXY", "socks5://p:1")],
                Some(("HTTPS_PROXY", None)),
            ),
            (
                &[("HTTPS_PROXY", "http//u:secret@:")],
                Some(("HTTPS_PROXY", None)),
            ),
            (
                &[("HTTPS_PROXY", "p:1"), ("NO_PROXY", "service.example")],
                None,
            ),
            (
                &[("HTTPS_PROXY", "p:1"), ("NO_PROXY", "other.example")],
                Some(("HTTPS_PROXY", Some("p:1"))),
            ),
        ];
        let base = Url::parse("https://service.example/v1").unwrap();
        for (variables, expected) in rows {
            let value = |name: &str| {
                let found = variables.iter().find(|(other, _)| *other == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            let found = ProxyVariable::find(&base, value);
            let found = found.as_ref().map(|it| (it.name, it.authority.as_deref()));
            assert_eq!(found, *expected, "{variables:?}");
        }
    }
}

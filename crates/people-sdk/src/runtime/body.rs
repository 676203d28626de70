//! The JSON body of a success: read into its type, and compared with the contract when asked.

use bytes::Bytes;
use reqwest::StatusCode;

use crate::runtime::operation::Operation;
use crate::runtime::serde_support::json_type::{ReadError, from_text};
use crate::runtime::serde_support::{Deviation, DeviationKind, JsonType, Report};

/// What some services send before their text, and JSON does not allow.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// `body` without a byte order mark.
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body)
}

/// Reads a body.
///
/// # Errors
///
/// What it lacks or has wrong, by its path and without its values: `id: expected text`.
pub(crate) fn read<T: JsonType>(body: &[u8]) -> Result<T, String> {
    let text = std::str::from_utf8(without_mark(body))
        .map_err(|_| "the body is not UTF-8 text".to_owned())?;
    from_text(text).map_err(|error| match error {
        ReadError::Syntax(error) if error.to_string().starts_with("trailing characters") => {
            "trailing data after the JSON value".to_owned()
        }
        ReadError::Syntax(error) => {
            let (line, column) = (error.line(), error.column());
            format!("the body is not JSON (line {line}, column {column})")
        }
        ReadError::Mismatch(mismatch) => mismatch.to_string(),
    })
}

/// An answer, beside what the contract promises of it.
#[derive(Clone)]
pub(crate) struct Promise {
    operation: &'static Operation,
    status: StatusCode,
    body: Bytes,
    /// Reads the body into the type that the contract promises.
    check: fn(&str, &mut Report),
}

impl Promise {
    /// The promise that `check` compares `body` with.
    pub(crate) fn of(
        operation: &'static Operation,
        status: StatusCode,
        body: Bytes,
        check: fn(&str, &mut Report),
    ) -> Self {
        Self {
            operation,
            status,
            body,
            check,
        }
    }

    /// The promise of an answer without a body.
    pub(crate) fn of_status(operation: &'static Operation, status: StatusCode) -> Self {
        Self {
            operation,
            status,
            body: Bytes::new(),
            check: |_, _| {},
        }
    }

    /// Everything in which the answer differs, each once.
    pub(crate) fn deviations(&self) -> Vec<Deviation> {
        let mut report = Report::default();
        if !self.operation.lists_status(self.status.as_u16()) {
            report.record(DeviationKind::UnlistedStatus, "a listed status");
        }
        if let Ok(text) = std::str::from_utf8(without_mark(&self.body)) {
            (self.check)(text, &mut report);
        }
        report.into_distinct()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_the_path_and_no_value() {
        use crate::types::Person;
        let cases = [
            (r#"{"id":["secret"]}"#, "id: expected text"),
            (r#"{"displayName":"secret"}"#, "missing field `id`"),
            ("<html>secret", "the body is not JSON (line 1, column 1)"),
            (r#"{"id":"x","#, "the body is not JSON (line 1, column 10)"),
            ("[]", "expected an object"),
            (r#"{"id":"x"} secret"#, "trailing data after the JSON value"),
        ];
        for (body, expected) in cases {
            let fault = read::<Person>(body.as_bytes()).unwrap_err();
            assert_eq!(fault, expected, "{body}");
        }
        let fault = read::<Vec<Person>>(br#"[{"id":"x"},{"id":{}}]"#).unwrap_err();
        assert_eq!(fault, "[1].id: expected text");
        assert!(read::<Person>(b"{\"id\":\"\xff\"}").is_err());
    }
}

//! Operations that succeed with a body of another type for each status: which type a response is read
//! into. The enums are generated.

use serde_json::Value;

use crate::runtime::body;
use crate::runtime::serde_support::Report;
use crate::runtime::serde_support::json_type::{JsonType, from_text_reporting};

/// The successes of an operation, by their status.
#[allow(dead_code, reason = "used by contracts with such an operation")]
pub(crate) trait Answers: Sized {
    /// Reads the body of a response with `status`.
    ///
    /// # Errors
    ///
    /// What it lacks or has wrong, without its values.
    fn read(status: u16, body: &[u8]) -> Result<Self, String>;

    /// What compares the body of a response with `status` with its type.
    fn check(status: u16) -> fn(&str, &mut Report);
}

/// Compares a body with the type that is promised.
#[allow(dead_code, reason = "used by contracts with such an operation")]
pub(crate) fn check<T: JsonType>(text: &str, report: &mut Report) {
    // What cannot be read has been an error of the call.
    let _ = from_text_reporting::<T>(text, report);
}

/// A success with a status that the contract does not list.
#[allow(dead_code, reason = "used by contracts with such an operation")]
pub(crate) fn other(body: &[u8]) -> Result<Value, String> {
    if body::without_mark(body).trim_ascii().is_empty() {
        return Ok(Value::Null);
    }
    body::read(body)
}

/// The implementation of [`Answers`], from one line per response: the first and the last status that it is
/// for, and its variant. The first line that has a status is the one for it.
#[allow(unused_macros, reason = "used by contracts with such an operation")]
macro_rules! answers {
    ($name:ident; $($first:literal, $last:literal => $variant:ident $(($type:ty))?;)*) => {
        impl $crate::runtime::answers::Answers for $name {
            fn read(status: u16, body: &[u8]) -> ::std::result::Result<Self, ::std::string::String> {
                match status {
                    $($first..=$last => {
                        $crate::runtime::answers::answers!(@read body $variant $(($type))?)
                    })*
                    _ => $crate::runtime::answers::other(body).map(Self::Other),
                }
            }

            fn check(
                status: u16,
            ) -> fn(&str, &mut $crate::runtime::serde_support::Report) {
                match status {
                    $($first..=$last => {
                        $crate::runtime::answers::answers!(@check $(($type))?)
                    })*
                    _ => |_, _| {},
                }
            }
        }
    };
    (@read $body:ident $variant:ident ($type:ty)) => {
        $crate::runtime::body::read::<$type>($body).map(Self::$variant)
    };
    (@read $body:ident $variant:ident) => {
        ::std::result::Result::Ok(Self::$variant)
    };
    (@check ($type:ty)) => {
        $crate::runtime::answers::check::<$type>
    };
    (@check) => {
        |_, _| {}
    };
}
#[allow(unused_imports, reason = "used by contracts with such an operation")]
pub(crate) use answers;

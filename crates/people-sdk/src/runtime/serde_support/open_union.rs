//! Values of one of several forms: which form a value has, and those of none, which are kept.
//!
//! A discriminator decides where the contract has one. Otherwise the forms are tried, and the value must
//! fit one of them alone: of several, the first would be a guess.

use serde::de::{self, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::json_type::{JsonType, exact_value, properties, text_of};
use super::report::{DeviationKind, Mismatch, Report};

/// What a value of one of several forms is expected to be.
pub(crate) const EXPECTED: &str = "a value of one of the listed forms";

/// Reads a value by its text, as the forms are tried one after the other.
#[allow(dead_code, reason = "used by contracts with such a schema")]
pub(crate) fn read<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: JsonType,
{
    let json = text_of(deserializer)?;
    let json: &RawValue = serde_json::from_str(&json).map_err(de::Error::custom)?;
    T::read_lenient(json, &mut Report::default()).map_err(de::Error::custom)
}

/// The text of the property that names the form.
#[allow(dead_code, reason = "used by contracts with a discriminator")]
pub(crate) fn discriminator(json: &RawValue, property: &str) -> Option<String> {
    let properties = properties(json, &Report::default()).ok()?;
    let mut named = properties
        .into_iter()
        .filter(|(name, _)| name.text() == Some(property));
    let (_, value) = named.next_back()?;
    serde_json::from_str(value.get()).ok()
}

/// Reads the form that the discriminator names; the value is kept if it has another.
#[allow(dead_code, reason = "used by contracts with a discriminator")]
pub(crate) fn named<T: JsonType, U>(
    json: &RawValue,
    report: &mut Report,
    form: fn(T) -> U,
) -> Option<U> {
    let mark = report.mark();
    match T::read_lenient(json, report) {
        Ok(value) => Some(form(value)),
        Err(mismatch) => {
            report.rewind(mark);
            report.record_mismatch(&mismatch);
            None
        }
    }
}

/// The forms that a value fits.
#[allow(dead_code, reason = "used by contracts with a choice of schemas")]
pub(crate) struct Trial<'j, U> {
    json: &'j RawValue,
    budget: usize,
    fitting: usize,
    found: Option<(U, Report)>,
}

#[allow(dead_code, reason = "used by contracts with a choice of schemas")]
impl<'j, U> Trial<'j, U> {
    /// Starts to try `forms` forms, within the work that is left for the value that this one is inside of.
    pub(crate) fn new(json: &'j RawValue, report: &Report, forms: usize) -> Self {
        Self {
            json,
            budget: report.trial_budget(json.get().len(), forms),
            fitting: 0,
            found: None,
        }
    }

    /// Tries one form. A `closed` one has no properties that are not listed.
    pub(crate) fn form<T: JsonType>(&mut self, closed: bool, form: fn(T) -> U) {
        let Some(budget) = self.budget.checked_sub(self.json.get().len()) else {
            // Forms inside forms: what is not tried may fit as well.
            self.fitting = usize::MAX;
            return;
        };
        let mut report = Report::with_trial_budget(budget);
        let value = T::read_lenient(self.json, &mut report);
        self.budget = report.left_of_trial_budget().unwrap_or(budget);
        let Ok(value) = value else {
            return;
        };
        let fits = report.deviations.iter().all(|deviation| {
            let inside = deviation.path().contains(['.', '[']);
            deviation.kind() == DeviationKind::UnlistedProperty && (inside || !closed)
        });
        if fits {
            self.fitting = self.fitting.saturating_add(1);
            self.found = Some((form(value), report));
        }
    }

    /// The value in the only form that it fits.
    pub(crate) fn only(self, report: &mut Report) -> Option<U> {
        report.spend_trial_budget(self.budget);
        let (value, found) = self.found.filter(|_| self.fitting == 1)?;
        report.adopt(found);
        Some(value)
    }
}

/// A value of none of the forms, or of several.
#[allow(dead_code, reason = "used by contracts with a choice of schemas")]
pub(crate) fn unlisted(json: &RawValue, report: &mut Report) -> Result<Value, Mismatch> {
    let value = exact_value(json).ok_or_else(|| report.expected(EXPECTED))?;
    report.record(DeviationKind::UnlistedValue, EXPECTED);
    Ok(value)
}

/// The implementations of a generated union, from one line per form.
macro_rules! open_union {
    (
        $name:ident($other:ident $(, $discriminator:literal)?);
        $($variant:ident($type:ty), closed: $closed:literal, [$($value:literal),*];)*
    ) => {
        impl $crate::runtime::serde_support::JsonType for $name {
            const EXPECTED: &'static str = $crate::runtime::serde_support::open_union::EXPECTED;

            fn read<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::serde_support::open_union::read(deserializer)
            }

            fn read_lenient(
                json: &::serde_json::value::RawValue,
                report: &mut $crate::runtime::serde_support::Report,
            ) -> ::std::result::Result<Self, $crate::runtime::serde_support::Mismatch> {
                let found: ::std::option::Option<Self> =
                    $crate::runtime::serde_support::open_union!(
                        @find json report [$($discriminator)?]
                        $($variant($type), $closed, [$($value),*];)*
                    );
                match found {
                    ::std::option::Option::Some(value) => ::std::result::Result::Ok(value),
                    ::std::option::Option::None => {
                        $crate::runtime::serde_support::open_union::unlisted(json, report)
                            .map(Self::$other)
                    }
                }
            }

            fn write<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => {
                        $crate::runtime::serde_support::JsonType::write(value, serializer)
                    })*
                    Self::$other(value) => ::serde::Serialize::serialize(value, serializer),
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::runtime::serde_support::open_union::read(deserializer)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::runtime::serde_support::JsonType::write(self, serializer)
            }
        }
    };
    (
        @find $json:ident $report:ident [$discriminator:literal]
        $($variant:ident($type:ty), $closed:literal, [$($value:literal),*];)*
    ) => {
        match $crate::runtime::serde_support::open_union::discriminator($json, $discriminator)
            .as_deref()
        {
            $($(::std::option::Option::Some($value) => {
                $crate::runtime::serde_support::open_union::named(
                    $json, $report, Self::$variant,
                )
            })*)*
            _ => ::std::option::Option::None,
        }
    };
    (
        @find $json:ident $report:ident []
        $($variant:ident($type:ty), $closed:literal, [];)*
    ) => {{
        let forms = [$(stringify!($variant)),*].len();
        let mut trial =
            $crate::runtime::serde_support::open_union::Trial::new($json, $report, forms);
        $(trial.form($closed, Self::$variant);)*
        trial.only($report)
    }};
}
#[allow(unused_imports, reason = "used by contracts with a choice of schemas")]
pub(crate) use open_union;

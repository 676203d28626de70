//! What an `anyOf` or `oneOf` of plain types stands for: a boolean that is also spelled as text, an
//! open enumeration.

/// One of the alternatives of an `anyOf` or `oneOf`, as far as classification needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Alternative<'a> {
    Boolean,
    /// Text; with the listed values if there are any.
    Text(Vec<&'a str>),
    Other,
}

/// What alternatives of plain types stand for together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Composition<'a> {
    /// A boolean, or one of the texts `true` and `false`.
    BooleanOrText,
    /// The listed texts, or any other text.
    OpenEnum(Vec<&'a str>),
}

/// The meaning of the alternatives of an `anyOf`; `None` if it is neither of the two.
pub(crate) fn any_of<'a>(alternatives: &[Alternative<'a>]) -> Option<Composition<'a>> {
    if let Some(found) = one_of(alternatives) {
        return Some(found);
    }
    let mut listed = Vec::new();
    let mut any_text = false;
    for alternative in alternatives {
        match alternative {
            Alternative::Text(values) if values.is_empty() => any_text = true,
            Alternative::Text(values) => listed.extend(values),
            Alternative::Boolean | Alternative::Other => return None,
        }
    }
    (any_text && !listed.is_empty()).then_some(Composition::OpenEnum(listed))
}

/// The meaning of the alternatives of a `oneOf`. An open enumeration cannot be written as one: its
/// listed values would match twice.
pub(crate) fn one_of<'a>(alternatives: &[Alternative<'a>]) -> Option<Composition<'a>> {
    let spelled = |alternative: &Alternative<'_>| match alternative {
        Alternative::Text(values) => {
            !values.is_empty() && values.iter().all(|value| ["true", "false"].contains(value))
        }
        Alternative::Boolean | Alternative::Other => false,
    };
    let flag = alternatives.len() == 2
        && alternatives.contains(&Alternative::Boolean)
        && alternatives.iter().any(spelled);
    flag.then_some(Composition::BooleanOrText)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_texts_true_and_false_make_a_boolean_or_text() {
        let with = |values: &[&'static str]| {
            let alternatives = [Alternative::Boolean, Alternative::Text(values.to_vec())];
            one_of(&alternatives).is_some()
        };
        assert!(with(&["true", "false"]));
        assert!(with(&["true"]));
        for other in [&["yes", "no"][..], &["true", "yes"], &["True"], &[]] {
            assert!(!with(other), "{other:?}");
        }
        let three = [
            Alternative::Boolean,
            Alternative::Text(vec!["true"]),
            Alternative::Text(vec!["false"]),
        ];
        assert_eq!(one_of(&three), None);
    }

    #[test]
    fn listed_and_any_text_make_an_open_enumeration() {
        let open = [Alternative::Text(vec!["a", "b"]), Alternative::Text(vec![])];
        assert_eq!(any_of(&open), Some(Composition::OpenEnum(vec!["a", "b"])));
        assert_eq!(one_of(&open), None);
        assert_eq!(any_of(&open[..1]), None);
        assert_eq!(any_of(&open[1..]), None);
        let mixed = [open[0].clone(), open[1].clone(), Alternative::Boolean];
        assert_eq!(any_of(&mixed), None);
    }
}

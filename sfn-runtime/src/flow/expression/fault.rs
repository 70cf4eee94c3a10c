//! Why an expression has no JSONata.

/// Why an expression has no JSONata. The types are right, so rustc says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The error's cause does not carry it.
    #[error(
        "`{field}` of the error `{variant}` stayed in the step\nhelp: write `#[step_error(data)]` on the variant, so that its cause carries the fields"
    )]
    Lost {
        /// The field's name in the source.
        field: String,
        /// The variant.
        variant: String,
    },
    /// Serde writes no such key.
    #[error(
        "`{field}` of `{owner}` is not in its JSON, because serde skips it\nhelp: let serde write it; what it skips reaches no step either"
    )]
    Skipped {
        /// The field's name in the source.
        field: String,
        /// The type that has it.
        owner: String,
    },
    /// The type says nothing of its fields.
    #[error(
        "the JSON name of `{field}` is not known\nhelp: put `#[derive(Payload)]` on the type that has it"
    )]
    Unknown {
        /// The field's name in the source.
        field: String,
    },
    /// JSONata has no order for it.
    #[error(
        "`{operator}` needs two numbers or two texts, and this is {found}\nhelp: decide it in a step that returns `bool`"
    )]
    NoOrder {
        /// The operator in the source.
        operator: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// It has no length that both languages count alike.
    #[error("{found} has no length in a condition\nhelp: decide it in a step that returns `bool`")]
    NoLength {
        /// What was found.
        found: &'static str,
    },
    /// A text's length in bytes.
    #[error(
        "`.len()` of a text counts bytes, and Step Functions counts characters\nhelp: write `.chars().count()`, or make it a `#[step]`"
    )]
    TextLength,
    /// The constant has no JSON, or is a number that JSONata would round.
    #[error("this constant cannot stand in a condition: {why}")]
    Constant {
        /// What is wrong with it.
        why: String,
    },
    /// The enum's JSON does not tell its variants apart.
    #[error(
        "`{variant}` cannot be told from other variants of `{owner}` by its JSON\nhelp: decide it in a step that returns `bool`"
    )]
    Variant {
        /// The variant's name in the source.
        variant: String,
        /// The enum.
        owner: String,
    },
    /// An operation that is known, of a value of which it is not.
    #[error(
        "`{operation}` of {found} cannot run inside Step Functions\nhelp: make it a `#[step]`, which may be any Rust"
    )]
    Operation {
        /// The operator or method in the source.
        operation: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// Several `Option`s in each other, which JSON does not tell apart.
    #[error(
        "JSON cannot tell `Some(None)` from `None`\nhelp: use an enum of your own, or one `Option`"
    )]
    NestedOption,
    /// A comparison that depends on whether serde left a field out.
    #[error(
        "values of `{owner}` cannot be compared as a whole, because its JSON may leave `{field}` out\nhelp: compare its fields, or decide it in a step that returns `bool`"
    )]
    Compared {
        /// The type.
        owner: String,
        /// The field in the source.
        field: String,
    },
    /// A separator that might be empty.
    #[error(
        "`{operation}` needs a constant that is not empty\nhelp: write it as a literal, or make it a `#[step]`"
    )]
    Separator {
        /// The method in the source.
        operation: &'static str,
    },
    /// A fraction as text.
    #[error(
        "a number with a fraction is written differently by Rust and by Step Functions\nhelp: say how many digits it has, up to 15, as in `{{:.2}}`, or write it in a step"
    )]
    FractionText,
    /// A fraction in single precision.
    #[error(
        "an `f32` is not computed alike by Rust and by Step Functions, which counts in doubles\nhelp: make it an `f64`, or compute it in a step"
    )]
    Single,
    /// A predicate step where none can run.
    #[error(
        "the step `{step}` cannot run here: a predicate step stands alone in a condition of `choose`, or on the left of `&&` and `||`"
    )]
    Predicate {
        /// The step's name.
        step: &'static str,
    },
    /// An option that the stage before it does not have.
    #[error("{stage} has no `{option}`")]
    Option {
        /// The option's name.
        option: &'static str,
        /// The kind of stage.
        stage: &'static str,
    },
    /// What rustc does not compile.
    #[error("this is no Rust")]
    Broken,
    /// Where it stands.
    #[error("line {line}: {fault}")]
    At {
        /// The line in the source file, from 1.
        line: u32,
        /// What is wrong there.
        fault: Box<Fault>,
    },
}

impl Fault {
    /// The number of its page, which `explain` prints; none for those of pipelines.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        Some(match self {
            Fault::Skipped { .. } => "SFN0250",
            Fault::Unknown { .. } => "SFN0251",
            Fault::NoOrder { .. } => "SFN0252",
            Fault::NoLength { .. } | Fault::TextLength => "SFN0253",
            Fault::Constant { .. } => "SFN0254",
            Fault::Variant { .. } => "SFN0255",
            Fault::Operation { .. } => "SFN0256",
            Fault::NestedOption => "SFN0257",
            Fault::Compared { .. } => "SFN0258",
            Fault::FractionText => "SFN0259",
            Fault::Single => "SFN0260",
            Fault::Separator { .. } => "SFN0261",
            Fault::At { fault, .. } => return fault.code(),
            Fault::Lost { .. } => "SFN0308",
            Fault::Predicate { .. } | Fault::Option { .. } | Fault::Broken => return None,
        })
    }
}

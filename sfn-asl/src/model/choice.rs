//! The Choice state and its rules.

use serde_json::{Number, Value};

use super::{Assign, OrExpression};

/// Decides which state comes next: the first rule that holds, else the default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choice {
    /// The rules, in the order they are tried.
    pub choices: Vec<ChoiceRule>,
    /// The state that comes next when no rule holds.
    pub default: Option<String>,
}

/// One rule of a Choice state.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceRule {
    /// When the rule holds.
    pub condition: Condition,
    /// The state that comes next then.
    pub next: String,
    /// Variables to set then; they replace the state's own.
    pub assign: Assign,
    /// JSONata: the output then, instead of the state's own.
    pub output: Option<Value>,
    /// What the author says about it.
    pub comment: Option<String>,
}

impl ChoiceRule {
    /// A rule that leads to the state of that name when the condition holds.
    #[must_use]
    pub fn when(condition: impl Into<Condition>, next: impl Into<String>) -> Self {
        Self {
            condition: condition.into(),
            next: next.into(),
            assign: Assign::new(),
            output: None,
            comment: None,
        }
    }
}

/// When a rule holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// JSONata: the field `Condition`.
    Jsonata(OrExpression<bool>),
    /// JSONPath: comparisons and what joins them.
    Test(Test),
}

impl From<&str> for Condition {
    fn from(expression: &str) -> Self {
        Self::Jsonata(expression.into())
    }
}

impl From<String> for Condition {
    fn from(expression: String) -> Self {
        Self::Jsonata(expression.into())
    }
}

impl From<Test> for Condition {
    fn from(test: Test) -> Self {
        Self::Test(test)
    }
}

/// A JSONPath condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// All of them hold.
    And(Vec<Test>),
    /// One of them holds.
    Or(Vec<Test>),
    /// It does not hold.
    Not(Box<Test>),
    /// A comparison.
    Compare(Comparison),
}

/// `Variable` with its operator.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The path of the value that is looked at.
    pub variable: String,
    /// What is asked of it.
    pub operator: Operator,
}

/// What is asked of a value. A value of another type gives `false`, never an error.
#[derive(Debug, Clone, PartialEq)]
pub enum Operator {
    /// `StringEquals`, `StringLessThan`, … and their `…Path` forms.
    String(Order, Operand<String>),
    /// `StringMatches`: a pattern in which `*` stands for any text, `\\*` for the star itself.
    StringMatches(String),
    /// `NumericEquals`, `NumericLessThan`, … and their `…Path` forms.
    Numeric(Order, Operand<Number>),
    /// `BooleanEquals` and `BooleanEqualsPath`.
    Boolean(Operand<bool>),
    /// `TimestampEquals`, `TimestampLessThan`, … and their `…Path` forms; the operand is in RFC 3339.
    Timestamp(Order, Operand<String>),
    /// `IsNull`, `IsPresent`, …, with the answer that is wanted.
    Is(Type, bool),
}

/// The other side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand<T> {
    /// A value.
    Value(T),
    /// The path of a value: the operator's `…Path` form.
    Path(String),
}

/// How two values relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// `…Equals`
    Equals,
    /// `…LessThan`
    LessThan,
    /// `…GreaterThan`
    GreaterThan,
    /// `…LessThanEquals`
    LessThanEquals,
    /// `…GreaterThanEquals`
    GreaterThanEquals,
}

impl Order {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Equals,
        Self::LessThan,
        Self::GreaterThan,
        Self::LessThanEquals,
        Self::GreaterThanEquals,
    ];

    /// The part of the operator's name that says it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equals => "Equals",
            Self::LessThan => "LessThan",
            Self::GreaterThan => "GreaterThan",
            Self::LessThanEquals => "LessThanEquals",
            Self::GreaterThanEquals => "GreaterThanEquals",
        }
    }

    /// Whether the relation holds of values that compare like this.
    #[must_use]
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Equals => ordering.is_eq(),
            Self::LessThan => ordering.is_lt(),
            Self::GreaterThan => ordering.is_gt(),
            Self::LessThanEquals => ordering.is_le(),
            Self::GreaterThanEquals => ordering.is_ge(),
        }
    }
}

/// What `Is…` asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// `IsNull`
    Null,
    /// `IsPresent`: the only one that allows a path without a value.
    Present,
    /// `IsNumeric`
    Numeric,
    /// `IsString`
    String,
    /// `IsBoolean`
    Boolean,
    /// `IsTimestamp`
    Timestamp,
}

impl Type {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Null,
        Self::Present,
        Self::Numeric,
        Self::String,
        Self::Boolean,
        Self::Timestamp,
    ];

    /// The operator's name.
    #[must_use]
    pub fn operator(self) -> &'static str {
        match self {
            Self::Null => "IsNull",
            Self::Present => "IsPresent",
            Self::Numeric => "IsNumeric",
            Self::String => "IsString",
            Self::Boolean => "IsBoolean",
            Self::Timestamp => "IsTimestamp",
        }
    }
}

impl Operator {
    /// The operator's name, as the definition has it.
    ///
    /// ```
    /// use sfn_asl::{Operand, Operator, Order};
    /// let operator = Operator::Numeric(Order::LessThan, Operand::Path("$.limit".into()));
    /// assert_eq!(operator.name(), "NumericLessThanPath");
    /// ```
    #[must_use]
    pub fn name(&self) -> String {
        fn suffix<T>(operand: &Operand<T>) -> &'static str {
            match operand {
                Operand::Value(_) => "",
                Operand::Path(_) => "Path",
            }
        }
        match self {
            Self::String(order, operand) => format!("String{}{}", order.as_str(), suffix(operand)),
            Self::StringMatches(_) => "StringMatches".to_owned(),
            Self::Numeric(order, operand) => {
                format!("Numeric{}{}", order.as_str(), suffix(operand))
            }
            Self::Boolean(operand) => format!("BooleanEquals{}", suffix(operand)),
            Self::Timestamp(order, operand) => {
                format!("Timestamp{}{}", order.as_str(), suffix(operand))
            }
            Self::Is(what, _) => what.operator().to_owned(),
        }
    }
}

/// Where a service stands, and so how its ARNs read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Location {
    /// `aws`, `aws-cn`, `aws-us-gov`, ….
    pub partition: String,
    /// The Region, as `eu-central-1`.
    pub region: String,
    /// The account: twelve digits.
    pub account: String,
}

impl Location {
    /// The ARN of the activity of that name.
    ///
    /// ```
    /// let here = sfn_runtime::service::Location {
    ///     partition: "aws".into(),
    ///     region: "eu-central-1".into(),
    ///     account: "123456789012".into(),
    /// };
    /// assert_eq!(
    ///     here.activity("pizzeria-bake-1f00ba11"),
    ///     "arn:aws:states:eu-central-1:123456789012:activity:pizzeria-bake-1f00ba11",
    /// );
    /// ```
    pub fn activity(&self, name: &str) -> String {
        self.arn("activity", name)
    }

    /// The ARN of the state machine of that name.
    pub fn machine(&self, name: &str) -> String {
        self.arn("stateMachine", name)
    }

    /// The ARN of an execution of the state machine of that name.
    pub fn execution(&self, machine: &str, name: &str) -> String {
        self.arn("execution", &format!("{machine}:{name}"))
    }

    fn arn(&self, kind: &str, rest: &str) -> String {
        let Self {
            partition,
            region,
            account,
        } = self;
        format!("arn:{partition}:states:{region}:{account}:{kind}:{rest}")
    }
}

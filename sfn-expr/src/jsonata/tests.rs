use serde_json::{Map, json};

use super::*;

mod bypass;
mod pruning;
mod reference;
mod suite;

/// An environment that answers the same each time.
struct Fixed;

impl Environment for Fixed {
    fn now_millis(&mut self) -> i64 {
        1_700_000_000_123
    }

    fn random(&mut self) -> f64 {
        0.25
    }

    fn uuid(&mut self) -> String {
        "6fa459ea-ee8a-4ca4-894e-db77e160355e".to_owned()
    }
}

#[test]
fn is_shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<Expression>();
    check::<Template>();
}

#[test]
fn is_an_expression_between_the_marks_alone() {
    assert_eq!(expression_in("{% 1 + 1 %}"), Some("1 + 1"));
    assert_eq!(expression_in("{%%}"), Some(""));
    assert_eq!(expression_in(" {% 1 %}"), None);
    assert_eq!(expression_in("{% 1 %} "), None);
    assert_eq!(expression_in("{%}"), None);
    assert_eq!(expression_in("$states.input"), None);
}

/// Evaluates both ways and compares with the value, with `undefined`, or with the text of an error.
#[track_caller]
fn check(text: &str, expected: Result<Option<Value>, &str>) {
    let input = json!({"n": 5, "s": "abc", "xs": [1, 2, 3], "ys": [{"k": 1}, {"k": 2}], "o": {"a": {"b": 1}}});
    let result = json!({"done": true});
    let context = json!({"Execution": {"Id": "e"}, "State": {"Name": "s"}});
    let mut variables = Map::new();
    variables.insert("v".to_owned(), json!([10, 20]));
    variables.insert("max".to_owned(), json!(7));
    let bindings = Bindings::new(&input, &context)
        .with_result(&result)
        .with_variables(&variables);
    let expression = Expression::parse(text).unwrap();
    let expected = expected.map_err(str::to_owned);
    let found = expression
        .evaluate(&bindings, &mut Fixed)
        .map_err(|error| error.to_string());
    assert_eq!(found, expected, "{text}");
    let found = expression
        .evaluate_fully(&bindings, &mut Fixed)
        .map_err(|error| error.to_string());
    assert_eq!(found, expected, "{text}, by the evaluator alone");
}

#[test]
fn sees_states_and_variables() {
    check("$states.input.n", Ok(Some(json!(5))));
    check("$states.input.ys.k", Ok(Some(json!([1, 2]))));
    check("$states.input.ys[k = 2].k", Ok(Some(json!(2))));
    check("$states.input.missing", Ok(None));
    check("$states.result.done", Ok(Some(json!(true))));
    check("$states.errorOutput", Ok(None));
    check("$states.context.State.Name", Ok(Some(json!("s"))));
    check("$states.context.Execution", Ok(Some(json!({"Id": "e"}))));
    check("$v[1]", Ok(Some(json!(20))));
    check("$sum($v)", Ok(Some(json!(30))));
    check("$nothing", Ok(None));
    // A variable hides the function of its name.
    check("$max", Ok(Some(json!(7))));
    check(
        "$max([1])",
        Err("T1006: Attempted to invoke a non-function"),
    );
    check(
        "$keys($states)",
        Ok(Some(json!(["input", "result", "context"]))),
    );
    check("$states.*.n", Ok(Some(json!(5))));
    check("$states.input.o.**.b", Ok(Some(json!(1))));
    check(
        "$map($states.input.ys, function($y) { $y.k * $states.input.n })",
        Ok(Some(json!([5, 10]))),
    );
    check(
        "$states.input.ys.(k + $states.input.o.a.b)",
        Ok(Some(json!([2, 3]))),
    );
    check("$states.input.o.a.%.a.b", Ok(Some(json!(1))));
}

#[test]
fn writes_numbers_as_the_service_does() {
    check("6 / 2", Ok(Some(json!(3))));
    check("$states.input.n / 2", Ok(Some(json!(2.5))));
    check("1e17", Ok(Some(json!(100_000_000_000_000_000i64))));
    check("$string(1e21)", Ok(Some(json!("1e+21"))));
    check("-0", Ok(Some(json!(0))));
    check("1/0", Ok(Some(json!("Infinity"))));
    check("[-1/0]", Ok(Some(json!(["-Infinity"]))));
    check("1e308 * 10", Ok(Some(json!("Infinity"))));
}

#[test]
fn has_the_functions_of_the_service() {
    check(
        "$partition([1,2,3,4], 2)",
        Ok(Some(json!([[1, 2], [3, 4]]))),
    );
    check("$partition([0], 1)", Ok(Some(json!([[0]]))));
    check("$partition([1,2,3], 2.9)", Ok(Some(json!([[1, 2], [3]]))));
    check("$partition([1,2,3], 0)", Ok(None));
    check("$partition([], 2)", Ok(Some(json!([]))));
    check("$range(0, 6, 2)", Ok(Some(json!([0, 2, 4, 6]))));
    check("$range(1, 9, 9)", Ok(Some(json!(1))));
    check("$range(5, 1, -2)", Ok(Some(json!([5, 3, 1]))));
    check("$range(1, 9)", Ok(None));
    check("$range(1, 9, 0)", Ok(None));
    check(
        "$range(1, 'x', 1)",
        Err("T0410: Argument 2 of function \"range\" does not match function signature"),
    );
    check(
        "$range(1, 360146, 1)",
        Err("Expression evaluation memory limit exceeded: Check for excessive memory usage"),
    );
    check(
        "$hash('input data', 'SHA-1')",
        Ok(Some(json!("aaff4a450a104cd177d28d18d74485e8cae074b7"))),
    );
    check(
        "$hash('x', 'sha-1')",
        Err("T0410: Argument 2 of function \"hash\" does not match function signature"),
    );
    check("$parse('{\"a\": [1, 2.5]}').a[1]", Ok(Some(json!(2.5))));
    check("$parse('-0')", Ok(Some(json!(0))));
    check(
        "$parse('{')",
        Err("T0410: Argument 1 of function \"parse\" does not match function signature"),
    );
    check("$random(42)", Ok(Some(json!(0.727_563_680_032_868_1))));
    check("$random()", Ok(Some(json!(0.25))));
    check(
        "$uuid()",
        Ok(Some(json!("6fa459ea-ee8a-4ca4-894e-db77e160355e"))),
    );
    check("$count($distinct([1..5].$uuid()))", Ok(Some(json!(5))));
    check(
        "$length($map([1..3], function($i) { $uuid() })[2])",
        Ok(Some(json!(36))),
    );
    check("$count($distinct([1..5].$random()))", Ok(Some(json!(5))));
    check("$sort($shuffle([3, 1, 2]))", Ok(Some(json!([1, 2, 3]))));
    check(
        "$states.input.s ~> $hash('MD5')",
        Ok(Some(json!("900150983cd24fb0d6963f7d28e17f72"))),
    );
    check(
        "$eval('1')",
        Err("T1006: Attempted to invoke a non-function"),
    );
}

#[test]
fn takes_the_time_from_the_environment() {
    check("$millis()", Ok(Some(json!(1_700_000_000_123i64))));
    check("$now()", Ok(Some(json!("2023-11-14T22:13:20.123Z"))));
    check("$now('[Y]/[M01]')", Ok(Some(json!("2023/11"))));
    check("$now('[H]:[m]', '+0200')", Ok(Some(json!("0:13"))));
    check("$now() = $fromMillis($millis())", Ok(Some(json!(true))));
    check(
        "$now(1)",
        Err("T0410: Argument 1 of function \"now\" does not match function signature"),
    );
}

#[test]
fn words_errors_as_the_reference_implementation_does() {
    for (text, expected) in [
        (
            "$states.input.s + 1",
            "T2001: The left side of the \"+\" operator must evaluate to a number",
        ),
        (
            "1 - $states.input.s",
            "T2002: The right side of the \"-\" operator must evaluate to a number",
        ),
        (
            "$states.input.n < $states.input.s",
            "T2009: The values 5 and \"abc\" either side of operator \"<\" must be of the same data type",
        ),
        (
            "$states.input.n >= $states.input.xs",
            "T2010: The expressions either side of operator \">=\" must evaluate to numeric or string values",
        ),
        (
            "-$states.input.s",
            "D1002: Cannot negate a non-numeric value: \"abc\"",
        ),
        (
            "$sum($states.input.s)",
            "T0412: Argument 1 of function \"sum\" must be an array of \"numbers\"",
        ),
        (
            "$uppercase($states.input.n)",
            "T0410: Argument 1 of function \"uppercase\" does not match function signature",
        ),
        (
            "$min([], [])",
            "T0410: Argument 2 of function \"min\" does not match function signature",
        ),
        (
            "$join()",
            "T0410: Argument 1 of function \"join\" does not match function signature",
        ),
        (
            "$number('x')",
            "D3030: Unable to cast value to a number: \"x\"",
        ),
        ("$nothing(1)", "T1006: Attempted to invoke a non-function"),
        ("$error('boom')", "D3137: boom"),
        (
            "[1..'a']",
            "T2004: The right side of the range operator (..) must evaluate to an integer",
        ),
        ("1/0 + 1", "D1001: Number out of range: null"),
        (
            "$formatNumber(1, 'x')",
            "D3086: The sub-picture must not contain a passive character that is preceded by an active character \
             and that is followed by another active character",
        ),
    ] {
        check(text, Err(expected));
    }
}

#[test]
fn stops_at_the_limits_of_the_service() {
    let overflow = "Stack overflow error: Check for non-terminating recursive function. \
                    Consider rewriting as tail-recursive. Depth=101 max=100";
    check(&vec!["1"; 101].join("+"), Err(overflow));
    check(&vec!["1"; 100].join("+"), Ok(Some(json!(100))));
    check("($f := function($x) { 1 + $f($x) }; $f(1))", Err(overflow));
    let memory = "Expression evaluation memory limit exceeded: Check for excessive memory usage";
    check("$count([1..900000])", Err(memory));
    check("$pad('', 7000000, 'x')", Err(memory));
}

#[test]
fn refuses_what_is_not_jsonata() {
    for (text, code, message) in [
        ("", "S0207", "Unexpected end of expression"),
        ("1 +", "S0207", "Unexpected end of expression"),
        ("$a[1,2)", "S0202", "Expected \"]\", got \",\""),
        ("(1", "S0203", "Expected \")\" before end of expression"),
        (
            "\"unterminated",
            "S0101",
            "String literal must be terminated by a matching quote",
        ),
        (
            "{\"a\":}",
            "S0211",
            "The symbol \"}\" cannot be used as a unary operator",
        ),
        (
            "$match(\"a\", /abc",
            "S0302",
            "No terminating / in regular expression",
        ),
        (
            "$a / 2 & \"b",
            "S0101",
            "String literal must be terminated by a matching quote",
        ),
        ("//", "S0301", "Empty regular expressions are not allowed"),
        ("$match('a', /a/g)", "S0201", "Syntax error: \"g\""),
        ("1 2", "S0201", "Syntax error: 2"),
        ("1 /* x", "S0106", "Comment has no closing tag"),
        // These came with version 2.1.
        (
            "$a ?? 1",
            "S0211",
            "The symbol \"?\" cannot be used as a unary operator",
        ),
        (
            "[$a ?: 1]",
            "S0211",
            "The symbol \":\" cannot be used as a unary operator",
        ),
    ] {
        let expected = ParseError::Invalid {
            code: code.to_owned(),
            message: message.to_owned(),
        };
        assert_eq!(Expression::parse(text), Err(expected), "{text}");
    }
}

#[test]
fn refuses_a_context_item_at_the_top_level() {
    for (text, name) in [
        ("phone", "phone"),
        ("phone.number", "phone"),
        ("$ + 1", "$"),
        ("$.a", "$"),
        ("$$", "$$"),
        ("$$.a", "$$"),
        ("*", "*"),
        ("**.a", "**"),
        ("{\"a\": b}", "b"),
        ("[1, b]", "b"),
        ("$sum(prices)", "prices"),
        ("$x := y", "y"),
        ("$map($v, function($i) { $i + total })", "total"),
        ("$a ? b : 1", "b"),
        ("phones[0]", "phones"),
        ("items^(price)", "items"),
        ("items{kind: price}", "items"),
        ("`a b`.c", "a b"),
    ] {
        let message = format!("Reference to '{name}' at the top level is not supported.");
        let error = Expression::parse(text).unwrap_err();
        assert_eq!(
            error,
            ParseError::Unsupported {
                message: message.clone()
            },
            "{text}"
        );
        assert_eq!(
            error.to_string(),
            format!("UNSUPPORTED_JSONATA_EXPRESSION: {message}")
        );
    }
}

#[test]
fn accepts_a_context_item_where_there_is_one() {
    for text in [
        "$v.phone",
        "$v[price > 1]",
        "$v[$ > 1]",
        "$v.($ + total)",
        "$v.{\"a\": b}",
        "$v.[a, b]",
        "$v^(price)",
        "$v{kind: price}",
        "$v.$string()",
        "$v ~> |items|{\"a\": b}|",
        "$v.*",
        "$v.**.a",
        "$v.a.%.b",
        "$map($v, function($i) { $i.total[$ > 1] })",
        "$states.input",
    ] {
        assert!(Expression::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn tells_what_it_reads() {
    let expression = Expression::parse(
        "$a.b + $sum($c[x > $d]) + $states.input.n + $states.context.Map.Item.Index",
    )
    .unwrap();
    let variables: Vec<_> = expression.variables().collect();
    assert_eq!(variables, ["a", "c", "d", "sum"]);
    assert!(expression.reads_states("input") && expression.reads_states("context"));
    assert!(!expression.reads_states("result") && !expression.reads_states("errorOutput"));
    assert!(
        Expression::parse("$keys($states)")
            .unwrap()
            .reads_states("errorOutput")
    );
}

/// A context object whose whole must not be built.
struct Parts(Value);

impl Context for Parts {
    fn value(&self) -> &Value {
        panic!("the whole context object was asked for");
    }

    fn member(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

#[test]
fn asks_for_no_more_of_the_context_than_it_needs() {
    let context = Parts(json!({"Map": {"Item": {"Index": 3}}}));
    let input = Value::Null;
    let bindings = Bindings::new(&input, &context);
    for text in [
        "$states.context.Map.Item.Index",
        "$sum([$states.context.Map.Item.Index])",
    ] {
        let found = Expression::parse(text)
            .unwrap()
            .evaluate(&bindings, &mut Fixed);
        assert_eq!(found, Ok(Some(json!(3))), "{text}");
    }
}

#[test]
fn fails_with_the_text_of_the_service() {
    let (input, context) = (json!({"s": "abc"}), json!({}));
    let bindings = Bindings::new(&input, &context);
    for (text, expected) in [
        ("$doesNotExist", "returned nothing (undefined)."),
        (
            "function($x) { $x }",
            "returned an unsupported result type.",
        ),
        ("$uppercase", "returned an unsupported result type."),
        (
            "$states.input.s + 1",
            "threw an error during evaluation. T2001: The left side of the \"+\" operator must evaluate to a number",
        ),
        (
            "$count([1..900000])",
            "threw an error during evaluation: Expression evaluation memory limit exceeded: \
             Check for excessive memory usage",
        ),
    ] {
        let failure = Expression::parse(text)
            .unwrap()
            .evaluate_field("Output/a", &bindings, &mut Fixed)
            .unwrap_err();
        assert_eq!(
            failure.cause,
            format!(
                "The JSONata expression '{text}' specified for the field 'Output/a' {expected}"
            )
        );
        assert_eq!(failure.location, "Output/a");
    }
    let expression = Expression::parse("$ItemsVar").unwrap();
    assert_eq!(
        Failure::unexpected_type(
            &expression,
            "Items",
            ValueType::Array,
            &json!({"foo": "bar"})
        )
        .to_string(),
        "The JSONata expression '$ItemsVar' specified for the field 'Items' returned an unexpected result type. \
         Expected 'array', but was 'object' for value: {\"foo\":\"bar\"}"
    );
}

#[test]
fn templates_evaluate_their_expressions_and_nothing_else() {
    let template = json!({
        "sum": "{% $states.input.a + 1 %}", "text": " {% $states.input.a %} ", "path.$": "$.a", "n": 1.5,
        "list": [true, "{% $states.input.b %}", {"deep": "{%$states.input.a%}"}],
    });
    let template = Template::parse(&template).unwrap();
    let (input, context) = (json!({"a": 1, "b": [2, 3]}), json!({}));
    let bindings = Bindings::new(&input, &context);
    assert_eq!(
        template.evaluate("Output", &bindings, &mut Fixed),
        Ok(json!({
            "sum": 2, "text": " {% $states.input.a %} ", "path.$": "$.a", "n": 1.5,
            "list": [true, [2, 3], {"deep": 1}],
        }))
    );
    let pointers: Vec<_> = template
        .expressions()
        .into_iter()
        .map(|(pointer, _)| pointer)
        .collect();
    assert_eq!(pointers, ["/sum", "/list/1", "/list/2/deep"]);
}

#[test]
fn templates_tell_where_they_fail() {
    let (input, context) = (json!({}), json!({}));
    let bindings = Bindings::new(&input, &context);
    for (template, field, location) in [
        (json!("{% $x %}"), "Output", "Output"),
        (
            json!({"a": [1, {"b c": ["{% $x %}"]}]}),
            "Output",
            "Output/a[1]/b c[0]",
        ),
        (
            json!({"x": "{% $y %}"}),
            "Choices[1]/Assign",
            "Choices[1]/Assign/x",
        ),
    ] {
        let failure = Template::parse(&template)
            .unwrap()
            .evaluate(field, &bindings, &mut Fixed)
            .unwrap_err();
        assert_eq!(failure.location, location);
    }
    let errors = Template::check(&json!({"a": "{% 1 + %}", "b/c": ["{% x %}", "{% 1 %}"]}));
    let told: Vec<_> = errors
        .iter()
        .map(|error| (error.pointer.as_str(), error.to_string()))
        .collect();
    assert_eq!(
        told,
        [
            ("/a", "INVALID_JSONATA_EXPRESSION: Unexpected end of expression".to_owned()),
            (
                "/b~1c/0",
                "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'x' at the top level is not supported.".to_owned()
            ),
        ]
    );
}

#[test]
fn urls_are_encoded_as_the_reference_does() {
    check(
        "$encodeUrlComponent(\"-_.!~*'()ä &/\")",
        Ok(Some(json!("-_.!~*'()%C3%A4%20%26%2F"))),
    );
    check(
        "$encodeUrl(\"-_.!~*'();/?:@&=+$,#ä %<\")",
        Ok(Some(json!("-_.!~*'();/?:@&=+$,#%C3%A4%20%25%3C"))),
    );
    check(
        "$map(['a-b', 'c d'], $encodeUrlComponent)",
        Ok(Some(json!(["a-b", "c%20d"]))),
    );
    check("('a b').$encodeUrlComponent()", Ok(Some(json!("a%20b"))));
    check("$encodeUrl($states.input.missing)", Ok(None));
}

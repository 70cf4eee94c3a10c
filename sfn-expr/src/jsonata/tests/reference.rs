//! Where the evaluator alone would differ from the reference implementation; each was asked of jsonata 2.0.6.

use serde_json::json;

use super::check;

const NOT_A_NUMBER: &str = "T2001: The left side of the \"+\" operator must evaluate to a number";
const OUT_OF_RANGE: &str = "D1001: Number out of range: null";

#[test]
fn an_order_by_binds_as_loosely_as_a_comparison() {
    check(
        "$states.input.xs ~> $reverse ^($)",
        Ok(Some(json!([1, 2, 3]))),
    );
    check(
        "$states.input.xs ~> $append(0)^($)",
        Ok(Some(json!([0, 1, 2, 3]))),
    );
    check("$states.input.xs ~> ($reverse)", Ok(Some(json!([3, 2, 1]))));
    check("$append([3], 1 + 1 ^($))", Ok(Some(json!([3, 2]))));
    check("1 + 2 * 3 ^($)", Ok(Some(json!(7))));
    check("-$states.input.n^($)", Ok(Some(json!(-5))));
    check("$states.input.ys.k & \"!\" ^($)", Ok(Some(json!("[1,2]!"))));
    // As loosely as that, but no more.
    check(
        "false or $states.input.xs^(>$)[0] = 3",
        Ok(Some(json!(true))),
    );
    check("$states.input.ys^(>k).k", Ok(Some(json!([2, 1]))));
    check("($x := $states.input.xs^(>$); $x[0])", Ok(Some(json!(3))));
}

#[test]
fn a_predicate_behind_a_call_behind_an_arrow_has_no_effect() {
    check(
        "$states.input.xs ~> $reverse()[0]",
        Ok(Some(json!([3, 2, 1]))),
    );
    check("($states.input.xs ~> $reverse())[0]", Ok(Some(json!(3))));
    check(
        "$states.input.xs ~> $append(4)[]",
        Ok(Some(json!([1, 2, 3, 4]))),
    );
}

#[test]
fn null_is_a_list_of_one() {
    check(
        "$filter(null, function($x) { true })",
        Ok(Some(json!(null))),
    );
    check(
        "null ~> $filter(function($x) { true })",
        Ok(Some(json!(null))),
    );
    check(
        "$reduce(null, function($a, $b) { 1 }, 3)",
        Ok(Some(json!(1))),
    );
    check(
        "$reduce(null, function($a, $b) { 1 })",
        Ok(Some(json!(null))),
    );
    // A function of the expression's own is left alone.
    check(
        "($filter := function($x, $f) { $x = null }; $filter(null, 1))",
        Ok(Some(json!(true))),
    );
}

#[test]
fn nothing_to_fold_comes_to_nothing() {
    check("$reduce([], function($a, $b) { $a + $b })", Ok(None));
    check(
        "$reduce($nothing, function($a, $b) { $a + $b }, 3)",
        Ok(None),
    );
    check(
        "$reduce([], function($a, $b) { $a + $b }, 3)",
        Ok(Some(json!(3))),
    );
    check(
        "$states.input.xs ~> $reduce(function($a, $b) { $a + $b })",
        Ok(Some(json!(6))),
    );
}

#[test]
fn what_is_no_number_is_no_operand() {
    check("0/0", Ok(Some(json!("NaN"))));
    check("0/0 + 1", Err(NOT_A_NUMBER));
    check("($x := 1 % 0; $x + 1)", Err(NOT_A_NUMBER));
    check("(0/0) ? 1 : 2", Ok(Some(json!(2))));
    check("$not(0/0)", Ok(Some(json!(true))));
    check("(0/0) and true", Ok(Some(json!(false))));
}

#[test]
fn what_is_infinite_is_no_operand() {
    check("-(1/0)", Err(OUT_OF_RANGE));
    check("(1/0) ? 1 : 2", Err(OUT_OF_RANGE));
    check("1/0 or true", Err(OUT_OF_RANGE));
    check("$boolean(1/0)", Err(OUT_OF_RANGE));
    check(
        "1 & (1/0)",
        Err("D3001: Attempting to invoke string function on Infinity or NaN"),
    );
}

#[test]
fn an_array_in_parentheses_is_poured_out() {
    check("[([]), 1]", Ok(Some(json!([1]))));
    check("[([1, [2]]), [3]]", Ok(Some(json!([1, [2], [3]]))));
}

/// Found by fuzzing: the length of the range did not fit 64 bits.
#[test]
fn a_range_may_have_any_bounds() {
    let memory = "Expression evaluation memory limit exceeded: Check for excessive memory usage";
    check("[0..1e300]", Err(memory));
    check("[-1e300..1e300]", Err(memory));
    check("[1e300..0]", Ok(Some(json!([]))));
    check("[($states.input.n - 6)..2]", Ok(Some(json!([-1, 0, 1, 2]))));
}

/// Found by fuzzing: so many digits did not fit 64 bits.
#[test]
fn a_picture_may_ask_for_any_number_of_digits() {
    check("$fromMillis(0, '[Y000001]')", Ok(Some(json!("001970"))));
    check(
        "$fromMillis(0, '[Y03333333333330333333333301]')",
        Err("U0000: The picture asks for more digits than a date has"),
    );
    check(
        "$formatInteger(1, '00000000000000000000001')",
        Ok(Some(json!("00000000000000000000001"))),
    );
}

#[test]
fn what_is_no_integer_parses_as_not_a_number() {
    check("$parseInteger('twelve', 'w')", Ok(Some(json!(12))));
    check("$parseInteger('MCMXC', 'I')", Ok(Some(json!(1990))));
    check("$parseInteger('twelve', 'I')", Ok(Some(json!("NaN"))));
    check("$parseInteger('xyz', 'w')", Ok(Some(json!("NaN"))));
    check("$parseInteger($nothing, 'w')", Ok(None));
    check("('7').$parseInteger('0')", Ok(Some(json!(7))));
}

/// Found by comparing: the evaluator looked for the words of what is no number until its stack was full.
#[test]
fn only_a_number_has_words() {
    for integer in ["0/0", "1/0", "$parseInteger('x', '0')"] {
        for picture in ["w", "W", "I", "a", "0"] {
            check(
                &format!("$formatInteger({integer}, '{picture}')"),
                Err(OUT_OF_RANGE),
            );
        }
    }
    check("(0/0).$formatInteger('w')", Err(OUT_OF_RANGE));
    check("(0/0) ~> $formatInteger('w')", Err(OUT_OF_RANGE));
    let memory = "Expression evaluation memory limit exceeded: Check for excessive memory usage";
    check("$formatInteger(1e300, 'I')", Err(memory));
    check("$formatInteger(12, 'w')", Ok(Some(json!("twelve"))));
    check(
        "$states.input.n.$formatInteger('w')",
        Ok(Some(json!("five"))),
    );
    check(
        "$states.input.n ~> $formatInteger('w')",
        Ok(Some(json!("five"))),
    );
    check("$formatInteger($states.input.missing, 'w')", Ok(None));
    check(
        "$states.input.s.$formatInteger('w')",
        Err(
            "T0411: Context value is not a compatible type with argument 1 of function \"formatInteger\"",
        ),
    );
    check(
        "$map([1, 2], $formatInteger(?, 'w'))",
        Ok(Some(json!(["one", "two"]))),
    );
}

/// Found by comparing: the text was made before anybody looked at its size.
#[test]
fn a_text_is_padded_to_what_fits() {
    let memory = "Expression evaluation memory limit exceeded: Check for excessive memory usage";
    for width in ["1e300", "-1e300", "1/0", "2147483648"] {
        check(&format!("$pad('', {width})"), Err(memory));
        check(&format!("'' ~> $pad({width}, 'x')"), Err(memory));
    }
    check("$pad('a', 3, '-')", Ok(Some(json!("a--"))));
    check("('a').$pad(-3)", Ok(Some(json!("  a"))));
    check("$map(['a'], $pad(?, 2, '.'))", Ok(Some(json!("a."))));
}

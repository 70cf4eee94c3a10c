//! The signatures of JSONata's functions, to tell which call an error is about.

use jsonata_core::ast::{AstNode, BinaryOp};

use super::super::needs::children;

/// What a function takes.
pub(super) struct Signature {
    name: &'static str,
    parameters: Vec<Parameter>,
}

struct Parameter {
    /// The types it accepts: `s`, `n`, `(sf)`, `a<n>`.
    types: &'static str,
    optional: bool,
    context: bool,
    repeated: bool,
}

/// Each function with its parameters, in the notation of JSONata's signatures.
const FUNCTIONS: &[(&str, &str)] = &[
    ("abs", "n-"),
    ("append", "xx"),
    ("assert", "bs?"),
    ("average", "a<n>"),
    ("base64decode", "s-"),
    ("base64encode", "s-"),
    ("boolean", "x-"),
    ("ceil", "n-"),
    ("contains", "s-(sf)"),
    ("count", "a"),
    ("decodeUrl", "s-"),
    ("decodeUrlComponent", "s-"),
    ("distinct", "x"),
    ("each", "o-f"),
    ("encodeUrl", "s-"),
    ("encodeUrlComponent", "s-"),
    ("error", "s?"),
    ("exists", "x"),
    ("filter", "af"),
    ("floor", "n-"),
    ("formatBase", "n-n?"),
    ("formatInteger", "n-s"),
    ("formatNumber", "n-so?"),
    ("fromMillis", "n-s?s?"),
    ("join", "a<s>s?"),
    ("keys", "x-"),
    ("length", "s-"),
    ("lookup", "x-s"),
    ("lowercase", "s-"),
    ("map", "af"),
    ("match", "s-fn?"),
    ("max", "a<n>"),
    ("merge", "a<o>"),
    ("min", "a<n>"),
    ("not", "x-"),
    ("number", "(nsb)-"),
    ("pad", "s-ns?"),
    ("parseInteger", "s-s"),
    ("power", "n-n"),
    ("reduce", "afj?"),
    ("replace", "s-(sf)(sf)n?"),
    ("reverse", "a"),
    ("round", "n-n?"),
    ("sift", "o-f?"),
    ("single", "af?"),
    ("sort", "af?"),
    ("split", "s-(sf)n?"),
    ("spread", "x-"),
    ("sqrt", "n-"),
    ("string", "x-b?"),
    ("substring", "s-nn?"),
    ("substringAfter", "s-s"),
    ("substringBefore", "s-s"),
    ("sum", "a<n>"),
    ("toMillis", "s-s?"),
    ("trim", "s-"),
    ("type", "x"),
    ("uppercase", "s-"),
    ("zip", "a+"),
];

impl Signature {
    fn of(name: &str) -> Option<Signature> {
        let (name, mut rest) = *FUNCTIONS.iter().find(|(known, _)| *known == name)?;
        let mut parameters = Vec::new();
        while !rest.is_empty() {
            let end = match rest.as_bytes()[0] {
                b'(' => rest.find(')').map_or(rest.len(), |at| at + 1),
                _ if rest[1..].starts_with('<') => rest.find('>').map_or(rest.len(), |at| at + 1),
                _ => 1,
            };
            let (types, tail) = rest.split_at(end);
            let modifier = tail.chars().next().filter(|c| matches!(c, '-' | '?' | '+'));
            rest = &tail[usize::from(modifier.is_some())..];
            parameters.push(Parameter {
                types,
                optional: modifier == Some('?'),
                context: modifier == Some('-'),
                repeated: modifier == Some('+'),
            });
        }
        Some(Signature { name, parameters })
    }

    pub(super) fn least(&self) -> usize {
        self.parameters
            .iter()
            .filter(|parameter| !parameter.optional)
            .count()
    }

    pub(super) fn most(&self) -> usize {
        if self.parameters.iter().any(|parameter| parameter.repeated) {
            usize::MAX
        } else {
            self.parameters.len()
        }
    }

    pub(super) fn takes_context(&self) -> bool {
        self.parameters
            .first()
            .is_some_and(|parameter| parameter.context)
    }

    /// What the array at `position` (from 1) must hold.
    pub(super) fn array_of(&self, position: usize) -> Option<&str> {
        self.parameters
            .get(position.checked_sub(1)?)?
            .types
            .strip_prefix("a<")
    }

    /// Whether the parameter at `position` (from 1) is what the evaluator calls `wanted`.
    pub(super) fn wants(&self, position: usize, wanted: &str) -> bool {
        let Some(parameter) = position
            .checked_sub(1)
            .and_then(|at| self.parameters.get(at))
        else {
            return false;
        };
        let name = |c: char| match c {
            's' => "String",
            'n' => "Number",
            'b' => "Boolean",
            'f' => "Function",
            'a' => "Array",
            'o' => "Object",
            _ => "Any",
        };
        match parameter
            .types
            .strip_prefix('(')
            .and_then(|types| types.strip_suffix(')'))
        {
            // The evaluator lists the types in an order of its own.
            Some(types) => {
                wanted.starts_with('(') && types.chars().all(|c| wanted.contains(name(c)))
            }
            None => parameter
                .types
                .chars()
                .next()
                .is_some_and(|c| wanted == name(c)),
        }
    }

    /// The function of the first call in `ast`, in the order of evaluation, that `fits` says it could be.
    ///
    /// `fits` is given the signature and the number of arguments.
    pub(super) fn culprit(
        ast: &AstNode,
        fits: impl Fn(&Signature, usize) -> bool,
    ) -> Option<&'static str> {
        Signature::find(ast, fits).map(|signature| signature.name)
    }

    /// The same with something told of its signature; of `append`, the shortest, when none fits.
    pub(super) fn culprit_with(
        ast: &AstNode,
        fits: impl Fn(&Signature, usize) -> bool,
        tell: impl Fn(&Signature) -> usize,
    ) -> (usize, Option<&'static str>) {
        match Signature::find(ast, fits) {
            Some(signature) => (tell(&signature), Some(signature.name)),
            None => (1, None),
        }
    }

    fn find(ast: &AstNode, fits: impl Fn(&Signature, usize) -> bool) -> Option<Signature> {
        let mut found = None;
        let mut first = None;
        visit(ast, &mut |node| {
            let (name, arguments) = match node {
                AstNode::Function {
                    name,
                    args,
                    is_builtin: true,
                } => (name, args.len()),
                // What stands left of the arrow is an argument more.
                AstNode::Binary {
                    op: BinaryOp::ChainPipe,
                    rhs,
                    ..
                } => match &**rhs {
                    AstNode::Function { name, args, .. } => (name, args.len() + 1),
                    AstNode::Variable(name) => (name, 1),
                    _ => return true,
                },
                // A callback is given what the function that calls it likes to.
                AstNode::Variable(name) => (name, usize::MAX),
                _ => return true,
            };
            match Signature::of(name) {
                Some(signature) if fits(&signature, arguments) => found = Some(signature),
                Some(signature) => drop(first.get_or_insert(signature)),
                None => {}
            }
            found.is_none()
        });
        // Where none fits, the first call is the best guess there is.
        found.or(first)
    }
}

/// Shows `see` every node, those below before those above, until it answers `false`.
pub(super) fn visit<'n>(node: &'n AstNode, see: &mut impl FnMut(&'n AstNode) -> bool) -> bool {
    children(node).into_iter().all(|child| visit(child, see)) && see(node)
}

//! What it means: the names of a type's errors.

use quote::ToTokens;
use syn::{Data, DeriveInput, Fields, Ident, LitStr, Member, Type, ext::IdentExt};

use super::parse::Args;
use crate::{diagnostics::Diagnostics, root::Root};

/// A type whose values are errors of steps.
pub(super) struct StepError {
    pub(super) root: Root,
    pub(super) ident: Ident,
    pub(super) errors: Vec<Error>,
}

/// What a transparent variant holds.
pub(super) struct Within {
    pub(super) member: Member,
    pub(super) ty: Box<Type>,
    /// Whether `From` is another derive's to write.
    pub(super) from: bool,
}

/// A variant, or the whole struct.
pub(super) struct Error {
    /// `None` for a struct.
    pub(super) variant: Option<Ident>,
    pub(super) name: String,
    pub(super) retryable: bool,
    pub(super) data: Details,
    /// Another error, whose name and cause are this one's.
    pub(super) within: Option<Within>,
    /// The parts of its text, where they are known; a field by its name.
    pub(super) message: Option<Vec<Part>>,
}

/// A part of an error's text.
pub(super) enum Part {
    Text(String),
    Field(String),
}

/// What of an error's fields goes into the cause.
pub(super) enum Details {
    Nothing,
    /// The only field, which has no name: the JSON is its value.
    Single(Member, Box<Type>),
    /// All fields: the JSON is an object, or an array where they have no names.
    All(Vec<(Member, Type)>),
}

/// What Step Functions takes, in characters.
const MAX_NAME: usize = 256;

pub(super) fn check(input: DeriveInput, found: &mut Diagnostics) -> Option<StepError> {
    let before = found.len();
    let args = Args::read(&input.attrs, found);
    if !input.generics.params.is_empty() {
        found
            .error(
                &input.generics.params,
                "an error of a step cannot be generic",
            )
            .note("its names are one table, known before the program runs")
            .help("make it an enum of the cases there are");
    }
    let type_name = input.ident.unraw().to_string();
    let errors =
        match &input.data {
            Data::Struct(data) => {
                if let Some(word) = &args.transparent {
                    found
                        .error(word, "`transparent` belongs on a variant of an enum")
                        .help("use the error within itself, or make this an enum");
                }
                let name = args.name.as_ref().map_or(type_name, LitStr::value);
                check_name(&name, args.name.as_ref(), &input.ident, found);
                vec![Error {
                    variant: None,
                    name,
                    retryable: args.retryable.unwrap_or(true),
                    data: data_of(&data.fields, args.data.as_ref(), found),
                    within: None,
                    message: message(&input.attrs, &data.fields),
                }]
            }
            Data::Enum(data) => {
                let prefix = args.name.as_ref().map_or(type_name, LitStr::value);
                if let Some(word) = &args.transparent {
                    found
                        .error(word, "`transparent` belongs on a variant")
                        .help("move it to the variant that holds the other error");
                }
                let mut errors: Vec<Error> = Vec::new();
                for variant in &data.variants {
                    let own = Args::read(&variant.attrs, found);
                    if let Some((word, _)) = &own.root {
                        found
                            .error(word, "option `crate` belongs on the type")
                            .help(format!("move it to `{}`", input.ident));
                    }
                    if let Some(word) = &own.transparent {
                        let within = within(word, &own, &variant.fields, &errors, found);
                        errors.extend(within.map(|within| Error {
                            variant: Some(variant.ident.clone()),
                            // The names are those of the error within.
                            name: String::new(),
                            retryable: false,
                            data: Details::Nothing,
                            within: Some(within),
                            message: None,
                        }));
                        continue;
                    }
                    let name = own.name.as_ref().map_or_else(
                        || format!("{prefix}.{}", variant.ident.unraw()),
                        LitStr::value,
                    );
                    let written = own.name.as_ref().or(args.name.as_ref());
                    check_name(&name, written, &variant.ident, found);
                    if let Some(other) = errors.iter().find(|error| error.name == name) {
                        let at = own
                            .name
                            .as_ref()
                            .map_or(variant.ident.to_token_stream(), LitStr::to_token_stream);
                        found
                        .error(
                            &at,
                            format!(
                                "the error name `{name}` is that of `{}` already",
                                other.variant.as_ref().map(Ident::to_string).unwrap_or_default()
                            ),
                        )
                        .note("retriers and catchers match names, and could not tell the two apart")
                        .help("give each variant a name of its own");
                    }
                    let data = own.data.as_ref().or(args.data.as_ref().filter(|_| {
                        // On the type it is meant for the variants that have fields.
                        !variant.fields.is_empty()
                    }));
                    errors.push(Error {
                        variant: Some(variant.ident.clone()),
                        name,
                        retryable: own.retryable.or(args.retryable).unwrap_or(true),
                        data: data_of(&variant.fields, data, found),
                        within: None,
                        message: message(&variant.attrs, &variant.fields),
                    });
                }
                errors
            }
            Data::Union(data) => {
                found
                    .error(&data.union_token, "a union cannot be an error of a step")
                    .help("use an enum: each variant gets a name");
                Vec::new()
            }
        };
    (found.len() == before).then(|| StepError {
        root: args.root.map(|(_, root)| root).unwrap_or_default(),
        ident: input.ident,
        errors,
    })
}

/// The text that `#[error("…")]` makes of the fields, where it only names them: `burnt after {minutes} minutes`.
fn message(attrs: &[syn::Attribute], fields: &Fields) -> Option<Vec<Part>> {
    let attr = attrs.iter().find(|attr| attr.path().is_ident("error"))?;
    let text: LitStr = attr.parse_args().ok()?;
    let text = text.value();
    let names: Vec<String> = fields
        .members()
        .map(|member| match member {
            Member::Named(name) => name.unraw().to_string(),
            Member::Unnamed(index) => index.index.to_string(),
        })
        .collect();
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '{' | '}' if rest.peek() == Some(&letter) => {
                rest.next();
                plain.push(letter);
            }
            '{' => {
                let name: String = rest.by_ref().take_while(|letter| *letter != '}').collect();
                // A format, or something other than a field: the text is Rust's to make.
                if !names.contains(&name) {
                    return None;
                }
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(Part::Field(name));
            }
            other => plain.push(other),
        }
    }
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Some(parts)
}

/// The error that a transparent variant holds.
fn within(
    word: &Ident,
    own: &Args,
    fields: &Fields,
    before: &[Error],
    found: &mut Diagnostics,
) -> Option<Within> {
    let other = [
        own.name.is_some().then_some("name"),
        own.retryable.is_some().then_some("retryable"),
        own.data.is_some().then_some("data"),
    ];
    if let Some(other) = other.into_iter().flatten().next() {
        found
            .error(
                word,
                format!("`transparent` and `{other}` do not go together"),
            )
            .note("name, cause, data and retries are those of the error within")
            .help("keep one of them");
        return None;
    }
    let mut all = fields.members().zip(fields.iter());
    let (Some((member, field)), None) = (all.next(), all.next()) else {
        found
            .error(
                word,
                "a transparent variant holds one other error, and nothing else",
            )
            .help("write `Ship(ShipError)`");
        return None;
    };
    let ty = field.ty.to_token_stream().to_string();
    let same = before.iter().find(|error| {
        error
            .within
            .as_ref()
            .is_some_and(|within| within.ty.to_token_stream().to_string() == ty)
    });
    if let Some(same) = same {
        let other = same.variant.as_ref().map(Ident::to_string);
        found
            .error(
                &field.ty,
                format!("`{}` wraps this error already", other.unwrap_or_default()),
            )
            .note("`?` could not tell which of the two it converts into")
            .help("keep one of the two variants");
        return None;
    }
    Some(Within {
        member,
        ty: Box::new(field.ty.clone()),
        from: field.attrs.iter().any(|attr| attr.path().is_ident("from")),
    })
}

fn check_name(name: &str, written: Option<&LitStr>, ident: &Ident, found: &mut Diagnostics) {
    let at = written.map_or(ident.to_token_stream(), LitStr::to_token_stream);
    if name.is_empty() {
        found
            .error(&at, "an error name cannot be empty")
            .help("leave `name` out to take the name in the source");
    } else if name.starts_with("States.") || name.starts_with("Sfn.") {
        let (reserved, whose) = match name.starts_with("States.") {
            true => ("States.", "Step Functions"),
            false => ("Sfn.", "the runtime"),
        };
        found
            .error(
                &at,
                format!("the error name `{name}` begins with `{reserved}`"),
            )
            .note(format!("such names are reserved for {whose}"))
            .help("choose another beginning");
    } else if name.chars().count() > MAX_NAME {
        found
            .error(
                &at,
                format!(
                    "the error name has {} characters, and Step Functions takes at most {MAX_NAME}",
                    name.chars().count()
                ),
            )
            .help("shorten it: `#[step_error(name = \"…\")]`");
    } else if let Some(control) = name.chars().find(|c| c.is_control()) {
        found
            .error(
                &at,
                format!(
                    "the error name holds the control character `{}`",
                    control.escape_default()
                ),
            )
            .help("keep it on one line");
    }
}

fn data_of(fields: &Fields, asked: Option<&Ident>, found: &mut Diagnostics) -> Details {
    let Some(word) = asked else {
        return Details::Nothing;
    };
    let types = fields.iter().map(|field| field.ty.clone());
    let members: Vec<_> = fields.members().zip(types).collect();
    match (fields, members.as_slice()) {
        (_, []) => {
            found
                .error(word, "`data` asks for the fields of an error that has none")
                .help("remove it");
            Details::Nothing
        }
        (Fields::Unnamed(_), [(member, ty)]) => {
            Details::Single(member.clone(), Box::new(ty.clone()))
        }
        _ => Details::All(members),
    }
}

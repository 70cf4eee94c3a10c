//! The pages of what a function body may not hold: one file a code.

macro_rules! pages {
    ($($code:literal,)*) => {
        /// The codes, by their numbers, and their pages.
        pub(crate) const PAGES: &[(&str, &str)] =
            &[$(($code, include_str!(concat!("pages/", $code, ".md")))),*];
    };
}

pages! {
    "SFN0101",
    "SFN0102",
    "SFN0103",
    "SFN0104",
    "SFN0105",
    "SFN0106",
    "SFN0107",
    "SFN0108",
    "SFN0109",
    "SFN0110",
    "SFN0111",
    "SFN0112",
    "SFN0201",
    "SFN0202",
    "SFN0203",
    "SFN0204",
    "SFN0206",
    "SFN0208",
    "SFN0209",
    "SFN0210",
    "SFN0211",
    "SFN0212",
    "SFN0213",
    "SFN0216",
    "SFN0217",
    "SFN0218",
    "SFN0250",
    "SFN0251",
    "SFN0252",
    "SFN0253",
    "SFN0254",
    "SFN0255",
    "SFN0256",
    "SFN0257",
    "SFN0258",
    "SFN0259",
    "SFN0260",
    "SFN0261",
    "SFN0301",
    "SFN0302",
    "SFN0303",
    "SFN0304",
    "SFN0305",
    "SFN0306",
    "SFN0307",
    "SFN0308",
    "SFN0310",
    "SFN0311",
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// The codes in the sources of a folder.
    fn codes(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                codes(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("the file can be read");
                let quoted = text.split("\"SFN0").skip(1);
                let numbers = quoted.filter_map(|rest| rest.get(..3));
                found.extend(numbers.map(|number| format!("SFN0{number}")));
            }
        }
    }

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = BTreeSet::new();
        codes(&root.join("../sfn-macros/src"), &mut found);
        codes(&root.join("src/flow"), &mut found);
        let pages: BTreeSet<String> = PAGES.iter().map(|(code, _)| (*code).to_owned()).collect();
        assert_eq!(found, pages);
    }
}

//! Pages and the blocks of code in them.

/// A page of Markdown, as far as it is code or leads elsewhere.
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) blocks: Vec<Block>,
    /// Where its links lead, each with its line.
    pub(crate) links: Vec<(usize, String)>,
    /// What is wrong with its fences.
    pub(crate) faults: Vec<String>,
}

/// A fenced block.
pub(crate) struct Block {
    /// The page's path from the root.
    pub(crate) page: String,
    /// The line of its first line of code, from 1.
    pub(crate) line: usize,
    /// What stands behind the fence: the language and what to do with it.
    pub(crate) info: String,
    pub(crate) code: String,
    /// The lines of the comment before it that readers need not see, with their numbers.
    hidden: Vec<(usize, String)>,
}

/// A piece of Rust to compile: a block, and what must stand before it.
pub(crate) struct Rust {
    pub(crate) page: String,
    /// Each line with its number on the page.
    pub(crate) lines: Vec<(usize, String)>,
}

impl Page {
    /// Finds the blocks of `text`, the page called `name`.
    pub(crate) fn read(name: &str, text: &str) -> Self {
        let mut page = Self {
            name: name.to_owned(),
            blocks: Vec::new(),
            links: Vec::new(),
            faults: Vec::new(),
        };
        let mut hidden = Vec::new();
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            if line.trim() == "<!-- rust" {
                hidden = lines
                    .by_ref()
                    .take_while(|(_, line)| line.trim() != "-->")
                    .map(|(number, line)| (number + 1, line.to_owned()))
                    .collect();
                continue;
            }
            let Some(fence) = Fence::open(line) else {
                // `[text](target)`, as many as the line has.
                let targets = line
                    .split("](")
                    .skip(1)
                    .filter_map(|rest| rest.split(')').next());
                let links = targets.map(|target| (number + 1, target.to_owned()));
                page.links.extend(links);
                continue;
            };
            let mut code = String::new();
            let mut closed = false;
            for (_, line) in lines.by_ref() {
                closed = fence.is_closed_by(line);
                if closed {
                    break;
                }
                code.push_str(fence.without_indent(line));
                code.push('\n');
            }
            if !closed {
                page.faults
                    .push(format!("{name}:{}: the block has no end", number + 1));
            }
            let block = Block {
                page: name.to_owned(),
                line: number + 2,
                info: fence.info.to_owned(),
                code,
                hidden: std::mem::take(&mut hidden),
            };
            if let Err(fault) = block.plan(&page.blocks) {
                page.faults.push(format!("{name}:{}: {fault}", number + 1));
            }
            page.blocks.push(block);
        }
        page
    }

    /// What of the page is to be compiled.
    pub(crate) fn rust(&self) -> impl Iterator<Item = Rust> {
        self.blocks.iter().enumerate().filter_map(|(index, block)| {
            let first = match block.plan(&self.blocks[..index]) {
                Ok(Plan::Compile { first }) => first,
                Ok(Plan::Leave) | Err(_) => return None,
            };
            let lines = self.blocks[first..=index]
                .iter()
                .filter(|other| {
                    let beside = other.line != block.line && other.stands_beside();
                    !beside && matches!(other.plan(&self.blocks[..index]), Ok(Plan::Compile { .. }))
                })
                .flat_map(Block::lines)
                .collect();
            Some(Rust {
                page: block.page.clone(),
                lines,
            })
        })
    }
}

/// What happens to a block.
enum Plan {
    /// It is compiled, from the block at index `first` on.
    Compile { first: usize },
    /// It is no Rust, or says why it is not compiled.
    Leave,
}

impl Block {
    /// Whether no other block sees it.
    fn stands_beside(&self) -> bool {
        self.info.ends_with(",beside")
    }

    fn plan(&self, before: &[Block]) -> Result<Plan, String> {
        let (language, option) = match self.info.split_once(',') {
            Some((language, option)) => (language, Some(option.trim())),
            None => (self.info.as_str(), None),
        };
        match option {
            None if language == "rust" => Ok(Plan::Compile {
                first: before.len(),
            }),
            None => Ok(Plan::Leave),
            Some("continues" | "beside") => before
                .iter()
                .rposition(|block| block.info == "rust")
                .map(|first| Plan::Compile { first })
                .ok_or_else(|| "there is no block before it to continue".to_owned()),
            Some(option) => match option.strip_prefix("ignore") {
                Some(reason) if reason.trim().len() > "()".len() => Ok(Plan::Leave),
                Some(_) => Err(format!(
                    "`ignore` wants its reason: `{language},ignore (because …)`"
                )),
                None => Err(format!(
                    "`{option}` means nothing here; known: `continues`, `beside`, `ignore (reason)`"
                )),
            },
        }
    }

    fn lines(&self) -> Vec<(usize, String)> {
        let code = self.code.lines().enumerate();
        let code = code.map(|(index, line)| (self.line + index, line.to_owned()));
        self.hidden.iter().cloned().chain(code).collect()
    }
}

/// The line that opens a block.
struct Fence<'a> {
    indent: usize,
    mark: char,
    length: usize,
    info: &'a str,
}

impl<'a> Fence<'a> {
    fn open(line: &'a str) -> Option<Self> {
        let text = line.trim_start();
        let mark = text
            .chars()
            .next()
            .filter(|mark| matches!(mark, '`' | '~'))?;
        let info = text.trim_start_matches(mark);
        let length = text.len() - info.len();
        // Three backticks within a line are code in a sentence, not a fence.
        (length >= 3 && !info.contains('`')).then(|| Self {
            indent: line.len() - text.len(),
            mark,
            length,
            info: info.trim(),
        })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let text = line.trim();
        text.len() >= self.length && text.chars().all(|c| c == self.mark)
    }

    fn without_indent<'l>(&self, line: &'l str) -> &'l str {
        let blank = line.len() - line.trim_start().len();
        &line[blank.min(self.indent)..]
    }
}

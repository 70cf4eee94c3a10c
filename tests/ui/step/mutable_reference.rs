use sfn_runtime::step;

#[step]
fn salt(soup: &mut String) {
    soup.push_str(" with salt");
}

fn main() {}

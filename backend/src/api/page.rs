//! The client program: its files, and its page for each of its own routes.

use crate::{
    app::App,
    http::ApiError,
    http::assets::{accepts, is_file},
};
use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use latchkey_contract::{
    ProblemCode,
    route::{Entry, is_page},
};

/// The built page, whose conditional sections are not yet chosen.
const BUILT_PAGE: &str = "/index.html";

/// `GET /login`: the page of the flow that `flow` names, with the other parameters; the sign-in page without one.
pub(super) async fn login(State(app): State<App>, address: Uri, headers: HeaderMap) -> Response {
    match page_of_flow(address.query().unwrap_or_default()) {
        Some(location) => Redirect::to(&location).into_response(),
        None => page_of_client(&app, &headers, StatusCode::OK).await,
    }
}

/// The page of the client program, with the brand and the first form. The program shows what belongs to the address.
async fn page_of_client(app: &App, headers: &HeaderMap, status: StatusCode) -> Response {
    let Some(built) = app.assets.page_text().await else {
        let missing = "There is no client here. LATCHKEY_ASSETS names its folder.\n";
        return with_policy((StatusCode::NOT_FOUND, missing).into_response(), app);
    };
    let drawn = app.first_page.page(built, |page| app.brand.page(page));
    let varies = [(header::VARY, "accept-encoding")];
    let page = if accepts(headers, "gzip") {
        (status, varies, [(header::CONTENT_ENCODING, "gzip")], Html(drawn.gzip.clone())).into_response()
    } else {
        (status, varies, Html(drawn.plain.clone())).into_response()
    };
    with_policy(page, app)
}

/// The texts of a language, with those of the brand.
async fn texts(app: &App, path: &str) -> Option<Response> {
    let language = path.strip_prefix("/text/")?.strip_suffix(".json")?;
    let own = app.assets.text(path).await;
    let texts = app.brand.texts(language, own.as_deref())?;
    Some(([(header::CONTENT_TYPE, "application/json")], texts).into_response())
}

/// The address of another flow's page that this query of `/login` asks for.
fn page_of_flow(query: &str) -> Option<String> {
    let parameters = || url::form_urlencoded::parse(query.as_bytes());
    let (_, flow) = parameters().find(|(name, _)| name == "flow")?;
    let entry = match flow.as_ref() {
        "register" => Entry::SignUp,
        "recover-password" => Entry::RecoverPassword,
        "unlock-account" => Entry::UnlockAccount,
        _ => return None,
    };
    let mut others = url::form_urlencoded::Serializer::new(String::new());
    others.extend_pairs(parameters().filter(|(name, _)| name != "flow"));
    Some(
        [entry.path(), &others.finish()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("?"),
    )
}

/// `GET` of any other address.
pub(super) async fn page(
    State(app): State<App>,
    method: Method,
    address: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if method != Method::GET && method != Method::HEAD {
        return Ok(
            ([(header::ALLOW, "GET,HEAD")], ApiError::from(ProblemCode::MethodNotAllowed)).into_response()
        );
    }
    if is_page(address.path()) {
        return Ok(page_of_client(&app, &headers, StatusCode::OK).await);
    }
    if !is_file(address.path()) || address.path() == BUILT_PAGE {
        return Ok(page_of_client(&app, &headers, StatusCode::NOT_FOUND).await);
    }
    if let Some(mut texts) = texts(&app, address.path()).await {
        app.edge.origins.share_file(&headers, texts.headers_mut());
        return Ok(texts);
    }
    match app.assets.file(address.path(), &headers).await {
        Some(mut file) => {
            app.edge.origins.share_file(&headers, file.headers_mut());
            Ok(file)
        }
        None if takes_page(&headers) => Ok(page_of_client(&app, &headers, StatusCode::NOT_FOUND).await),
        None => Err(ProblemCode::NotFound.into()),
    }
}

/// Whether a browser opens the address for a person, and does not load a script, a sheet or a picture.
fn takes_page(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|kind| kind.trim().starts_with("text/html"))
}

/// The page, which may do what the configuration allows it besides.
fn with_policy(mut page: Response, app: &App) -> Response {
    if let Some(policy) = &app.edge.page_policy {
        page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy.clone());
    }
    page
}

#[cfg(test)]
mod tests {
    use super::page_of_flow;

    #[test]
    fn a_flow_in_the_query_of_login_has_a_page_of_its_own() {
        for (query, location) in [
            ("flow=register", Some("/register")),
            (
                "flow=recover-password&login_hint=mary%40example.com",
                Some("/recover-password?login_hint=mary%40example.com"),
            ),
            ("return_to=%2Forders&flow=unlock-account", Some("/unlock-account?return_to=%2Forders")),
            ("flow=sign-in&acr_values=x", None),
            ("flow=//evil.example", None),
            ("acr_values=x", None),
            ("", None),
        ] {
            assert_eq!(page_of_flow(query).as_deref(), location, "{query}");
        }
    }
}

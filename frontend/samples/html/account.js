// Shows the account instead of the element while a person is signed in. The element stays in the page and knows when that ends.

const element = document.querySelector("latchkey-sign-in");
const [signIn, account] = ["#sign-in", "#account"].map((id) => document.querySelector(id));
const output = document.querySelector("output");
const get = (path) => fetch(`/api/${path}`, { headers: { "X-CSRF": "1" } }).then((answer) => answer.json());

async function showAccount() {
  const { user } = await get("session");
  document.querySelector("b").textContent = user.email;
  account.hidden = false;
  signIn.hidden = true;
}

element.addEventListener("latchkey-signed-in", showAccount);
// The element may have found out before this script was here.
if (element.session) showAccount();

element.addEventListener("latchkey-signed-out", () => {
  account.hidden = true;
  signIn.hidden = false;
  output.textContent = "";
});

document.querySelector("#leave").addEventListener("click", () => element.signOut());
document.querySelector("#load").addEventListener("click", async () => {
  output.textContent = JSON.stringify(await get("proxy/people/userinfo"));
});

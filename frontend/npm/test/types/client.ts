import { Client, ConnectionError, passkey, ProblemError, type Session, type Step, type Transaction } from "@latchkey/client";

const client = new Client({ server: "https://login.example.com", signIn: async () => {} });
const { signal } = new AbortController();
const transaction: Transaction = await client.authenticate({ username: "mary", rememberMe: true, favouriteColour: "red" }, { signal });

// @ts-expect-error A server is an address.
new Client({ server: 8080 });
// @ts-expect-error A password is text.
client.authenticate({ password: 7 });
// @ts-expect-error There is no such status.
transaction.status === "DONE";

function show(step: Step): string {
  switch (step.name) {
    case "redirect-idp":
      return `${step.idp.name} at ${step.href}`;
    case "challenge-authenticator":
      // @ts-expect-error Only a link has an address for certain.
      step.href.length;
      return step.authenticator.displayName;
    case "challenge-poll":
      return `${step.authenticator.contextualData?.correctAnswer} every ${step.poll?.refresh} ms`;
    case "(another name)":
      return "";
    default:
      return (step.inputs ?? []).map(({ label, type }) => `${label}: ${type}`).join();
  }
}

if (transaction.nextStep) {
  show(transaction.nextStep);
  await client.proceed(await passkey(transaction.nextStep, { mediation: "conditional" }));
}

try {
  await client.poll({ signal });
} catch (error) {
  if (error instanceof ProblemError && error.code === "stale_step") error.transaction?.nextStep;
  // @ts-expect-error There is no such code.
  if (error instanceof ProblemError && error.code === "sunshine") throw error;
  if (error instanceof ConnectionError) error.message;
}

const end: () => void = client.watch((session: Session) => session.user?.email?.length);
end();

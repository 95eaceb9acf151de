// A form of one's own: shows the inputs of whatever step comes next, and answers it.

import { ConnectionError, pollInterval, ProblemError } from "@latchkey/client";
import { useEffect, useState } from "react";

export function SignIn({ client }) {
  const [transaction, setTransaction] = useState();
  const [error, setError] = useState("");

  const show = (call) => {
    setError("");
    return call.then(setTransaction, (failure) => {
      if (failure instanceof ProblemError && failure.transaction) return setTransaction(failure.transaction);
      if (!(failure instanceof ProblemError || failure instanceof ConnectionError)) return;
      setError(failure.message);
    });
  };

  useEffect(() => {
    const leaving = new AbortController();
    const options = { signal: leaving.signal };
    show(client.current(options).then((current) => current ?? client.authenticate({}, options)));
    return () => leaving.abort();
  }, [client]);

  useEffect(() => {
    if (transaction?.status !== "PENDING" || !pollInterval(transaction)) return undefined;
    const leaving = new AbortController();
    show(client.wait(transaction, { signal: leaving.signal }));
    return () => leaving.abort();
  }, [client, transaction]);

  const step = transaction?.nextStep;
  const messages = transaction?.messages ?? [];
  const answer = (event) => {
    event.preventDefault();
    show(client.proceed(Object.fromEntries(new FormData(event.currentTarget))));
  };
  return (
    <form key={transaction?.transaction} onSubmit={answer}>
      <h1>Sign in</h1>
      {messages.map(({ message }) => (
        <p key={message} role="alert">
          {message}
        </p>
      ))}
      {error && <p role="alert">{error}</p>}
      {(step?.inputs ?? []).map((input) => (
        <Input key={input.name} input={input} />
      ))}
      {step && <button type="submit">Next</button>}
      <button type="button" onClick={() => show(client.authenticate())}>
        Start again
      </button>
    </form>
  );
}

function Input({ input: { name, label, type, secret, required, options, visible, mutable } }) {
  if (visible === false || mutable === false || type === "boolean") return null;
  if (options) {
    return (
      <fieldset>
        <legend>{label ?? name}</legend>
        {options.map(({ label: choice, value }) => (
          <label key={choice}>
            <input type="radio" name={name} value={String(value)} required={required} /> {choice}
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <label>
      {label ?? name} <input name={name} type={secret ? "password" : "text"} required={required} />
    </label>
  );
}

//! The page most teams would write themselves: React, Okta's SDK, and the form of the first step.

import { OktaAuth } from '@okta/okta-auth-js';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

const okta = new OktaAuth({
  issuer: `${location.origin}/oauth2/default`,
  clientId: 'yardstick',
  redirectUri: `${location.origin}/login/callback`,
  scopes: ['openid', 'profile', 'email'],
});

function SignIn() {
  const [transaction, setTransaction] = useState();
  const [problem, setProblem] = useState();
  const ask = (promise) => promise.then(setTransaction, (error) => setProblem(error.message));

  useEffect(() => {
    ask(okta.idx.start());
  }, []);

  if (problem) return <p role="alert">{problem}</p>;
  if (!transaction) return <p>Loading…</p>;
  const step = transaction.availableSteps.find(({ name }) => name === 'identify');
  return <Fill step={step} submit={(values) => ask(okta.idx.proceed({ step: step.name, ...values }))} />;
}

function Fill({ step, submit }) {
  const [values, setValues] = useState({});
  const set = (name, value) => setValues((before) => ({ ...before, [name]: value }));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit(values);
      }}
    >
      <h1>Sign In</h1>
      {step.inputs.map((input) => <Field key={input.name} input={input} value={values[input.name]} set={set} />)}
      <button>Next</button>
    </form>
  );
}

function Field({ input: { name, label, type, secret, required }, value, set }) {
  if (type === 'boolean') {
    return (
      <label>
        <input type="checkbox" checked={value ?? false} onChange={({ target }) => set(name, target.checked)} /> {label}
      </label>
    );
  }
  return (
    <>
      <label htmlFor={name}>{label}</label>
      <input
        id={name}
        type={secret ? 'password' : 'text'}
        autoComplete={secret ? 'current-password' : name}
        required={required}
        value={value ?? ''}
        onChange={({ target }) => set(name, target.value)}
      />
    </>
  );
}

createRoot(document.getElementById('root')).render(<SignIn />);

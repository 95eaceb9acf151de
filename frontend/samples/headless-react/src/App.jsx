import { Client } from "@latchkey/client";
import { useEffect, useState } from "react";

import { SignIn } from "./SignIn.jsx";

const client = new Client();

export function App() {
  const [session, setSession] = useState();
  useEffect(() => client.watch(setSession), []);
  if (!session) return null;
  return session.authenticated ? <Account user={session.user} /> : <SignIn client={client} />;
}

function Account({ user }) {
  const [profile, setProfile] = useState();
  const loadProfile = async () => setProfile(await (await client.fetch("people/userinfo")).text());
  return (
    <section>
      <h1>Acme</h1>
      <p>
        Signed in as <b>{user.email}</b>
      </p>
      <button type="button" onClick={loadProfile}>
        Load profile
      </button>
      <button type="button" onClick={() => client.logout()}>
        Sign out
      </button>
      <output>{profile}</output>
    </section>
  );
}

"use client";

import { Client } from "@latchkey/client";
import { load } from "@latchkey/element";
import { useEffect, useState } from "react";

const client = new Client();

export default function Page() {
  const [session, setSession] = useState();
  useEffect(() => {
    // After hydration, because the element writes its language to its own attributes.
    load();
    return client.watch(setSession);
  }, []);
  if (session?.authenticated) return <Account user={session.user} />;
  return <latchkey-sign-in>The sign-in cannot be shown here.</latchkey-sign-in>;
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

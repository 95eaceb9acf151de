import { Component, CUSTOM_ELEMENTS_SCHEMA, DestroyRef, inject, signal } from "@angular/core";
import { Client, type Session } from "@latchkey/client";
import { load } from "@latchkey/element";

load();

@Component({
  selector: "app-root",
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    @if (session()?.user; as user) {
      <section>
        <h1>Acme</h1>
        <p>
          Signed in as <b>{{ user.email }}</b>
        </p>
        <button type="button" (click)="loadProfile()">Load profile</button>
        <button type="button" (click)="client.logout()">Sign out</button>
        <output>{{ profile() }}</output>
      </section>
    } @else {
      <latchkey-sign-in>The sign-in cannot be shown here.</latchkey-sign-in>
    }
  `,
})
export class App {
  protected readonly client = new Client();
  protected readonly session = signal<Session | undefined>(undefined);
  protected readonly profile = signal("");

  constructor() {
    inject(DestroyRef).onDestroy(this.client.watch((session) => this.session.set(session)));
  }

  protected async loadProfile() {
    this.profile.set(await (await this.client.fetch("people/userinfo")).text());
  }
}

// Takes in what the page of a dead terminal carried here: signs in by its pass, sends what was not
// saved under the same ids, and goes on where that page was.
"use strict";
(async () => {
  const $ = (selector) => document.querySelector(selector);
  const ours = (path) => typeof path === "string" && path.startsWith("/") && !path.startsWith("//");

  function carried() {
    try {
      return JSON.parse(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return {}; // somebody opened this page by hand
    }
  }

  async function send(one, csrf) {
    const headers = { "X-CSRF-Token": csrf, "HX-Request": "true" };
    const body = new URLSearchParams(one.values);
    const answer = await fetch(one.path, { method: one.verb.toUpperCase(), headers, body });
    return answer.ok ? "" : answer.text();
  }

  const came = carried();
  history.replaceState(null, "", "/arrive"); // the pass stays in no history
  const enter = () => fetch("/arrive", {
    method: "POST", body: new URLSearchParams({ pass: came.pass }), headers: { "HX-Request": "true" },
  });
  const answer = came.pass ? await enter() : null;
  if (!answer?.ok) {
    $("[data-coming]").hidden = true;
    $("[data-refused]").hidden = $("[data-sign-in]").hidden = false;
    return;
  }
  const { said, csrf } = await answer.json();
  const refused = [];
  for (const one of came.unsaved ?? []) {
    if (ours(one.path)) refused.push(await send(one, csrf)); // in their order
  }
  const told = refused.filter(Boolean).join(" ");
  const path = ours(came.path) ? came.path : "/floor";
  const kept = { path, typed: came.typed, said: told || said, bad: Boolean(told) };
  sessionStorage.setItem("carried", JSON.stringify(kept));
  location.replace(path);
})();

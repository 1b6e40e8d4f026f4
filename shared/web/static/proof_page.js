// The page around proof.js: takes the file and the keys, and shows the verdict. Of what the
// file holds everything is set as text, never as markup. Both are plain scripts and no modules,
// because a page that is opened from a disc may load none.
"use strict";

const SHOWN_MAX_CHARACTERS = 300;

/** Returns text that can't hide or turn anything around: what isn't visible is spelt out. */
function plain(text) {
  const spelt = (letter) => `\\u{${letter.codePointAt(0).toString(16)}}`;
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, spelt);
}

function short(value) {
  const letters = [...plain(String(value))];
  const cut = letters.slice(0, SHOWN_MAX_CHARACTERS).join("");
  return letters.length > SHOWN_MAX_CHARACTERS ? `${cut}…` : cut;
}

/** Returns the instant as dd/mm/yyyy hh:mm in Viet Nam. `time`: seconds since 1970. */
function instant(time) {
  if (time > 253402300799n) return `${time} s`;
  const [day, clock] = new Date((Number(time) + 7 * 3600) * 1000).toISOString().split("T");
  return `${day.split("-").reverse().join("/")} ${clock.slice(0, 5)}`;
}

/** Returns an RFC 3339 instant in UTC as people read it, and anything else as it is. */
function recorded(text) {
  const isInstant = /^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-9.]+Z$/.test(text);
  const time = isInstant ? Math.floor(Date.parse(text) / 1000) : NaN;
  return Number.isNaN(time) ? text : instant(BigInt(time));
}

function signer({ name, keyId, time }) {
  return `${short(name)} (${keyId})${time === null ? "" : `, ${instant(time)}`}`;
}

function shown(facts) {
  const told = facts.told ?? {};
  const known = [...(facts.byLog ?? []), ...(facts.byWitnesses ?? [])];
  const named = new Set(known.map((each) => `${each.name} ${each.keyId}`));
  const others = facts.signatures.filter((each) => !named.has(`${each.name} ${each.keyId}`));
  return {
    id: told.id,
    type: told.type,
    subject: told.subject,
    time: recorded(told.time),
    actor: told.actor,
    origin: facts.origin,
    index: facts.index,
    size: facts.size,
    root: hex(facts.root),
    leaf: hex(facts.leaf),
    log: (facts.byLog ?? []).map(signer).join("; "),
    witnesses: (facts.byWitnesses ?? []).map(signer).join("; "),
    others: others.map((each) => `${short(each.name)} (${each.keyId})`).join("; "),
  };
}

/** Returns the entry's bytes as text; as hexadecimal when they are none. */
function textOf(entry) {
  try {
    return plain(decoded(entry));
  } catch {
    return hex(entry);
  }
}

function show({ verdict, reason, facts }) {
  const of = (id) => document.getElementById(id);
  const filled = (template) => of(template).content.cloneNode(true);
  of("ket-luan").replaceChildren(filled(verdict));
  if (reason !== null) of("ly-do").append(filled(reason));
  const hasFacts = facts.signatures !== undefined;
  of("noi-dung-tep").hidden = !hasFacts;
  if (hasFacts) {
    of("da-chung-minh").hidden = verdict !== "proven";
    of("moi-la-loi-khai").hidden = verdict === "proven";
    for (const [name, value] of Object.entries(shown(facts))) {
      const isStated = ["string", "bigint"].includes(typeof value) && value !== "";
      of(`f-${name}`).textContent = isStated ? short(value) : "—";
    }
    of("f-entry").textContent = textOf(facts.entry);
  }
  of("ket-qua").hidden = false;
  const heading = of("ket-luan").querySelector("h2");
  document.title = `${heading.firstChild.textContent.trim()} – Đối Thoại`;
  heading.focus();
}

let asked = 0;

/** Checks the chosen file, and shows it unless another was asked for meanwhile. */
async function check(file, keysText) {
  const mine = (asked += 1);
  let result = { verdict: "unknown", reason: "eventlog.proof_too_large", facts: {} };
  if (file.size <= PROOF_MAX_BYTES) {
    try {
      result = await checkProof(new Uint8Array(await file.arrayBuffer()), keysText);
    } catch {
      result = { verdict: "unknown", reason: "page.unreadable", facts: {} };
    }
  }
  if (mine === asked) show(result);
}

function start() {
  const [form, input, drop] = ["to-khai", "tep", "tha-tep"].map((id) => document.getElementById(id));
  const isOver = (event, over) => {
    event.preventDefault();
    drop.classList.toggle("over", over);
  };
  addEventListener("dragover", (event) => isOver(event, true));
  addEventListener("dragleave", (event) => isOver(event, false));
  addEventListener("drop", (event) => {
    isOver(event, false);
    if (event.dataTransfer?.files.length) input.files = event.dataTransfer.files;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check(input.files[0], document.getElementById("khoa").value);
  });
}

start();

import { expect, it } from "vitest";
import { identities, issueTokens, serviceAccount, tokensCsv } from "./identities.js";

it("gives each identity a token of its own", () => {
  const tokens = Object.values(issueTokens(identities)).map(({ token }) => token);
  expect(new Set(tokens).size).toBe(Object.keys(identities).length);
  expect(tokens.every((token) => token.length >= 32)).toBe(true);
});

it("puts a service account into the groups that Kubernetes puts it into", () => {
  expect(serviceAccount("cocoon-system", "cocoon-webhook")).toEqual({
    user: "system:serviceaccount:cocoon-system:cocoon-webhook",
    groups: ["system:serviceaccounts", "system:serviceaccounts:cocoon-system"],
  });
});

it("writes a token file as kube-apiserver reads it", () => {
  expect(
    tokensCsv([
      { token: "t1", user: "bob", groups: ["a", "b"] },
      { token: "t2", user: 'the "one"', groups: [] },
    ]),
  ).toBe('"t1","bob","bob","a,b"\n"t2","the ""one""","the ""one"""\n');
});

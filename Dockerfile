# Both commands of the README, in a clean place:
#   docker build -t quantum-tickets .
#   docker run --rm -v "$PWD/runs:/suite/runs" quantum-tickets            # make compare
#   docker run --rm -v "$PWD/runs:/suite/runs" quantum-tickets verdict    # or make test, make bench, ...
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends git make chromium \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /suite
# The locked versions in a layer of their own: a change of code installs nothing again.
COPY requirements.lock ./
RUN python3 -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --quiet --require-hashes -r requirements.lock

COPY . .
RUN make setup

ENTRYPOINT ["make"]
CMD ["compare"]

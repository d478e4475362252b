# PMO Bot in a container: no root, nothing written but the database. Build: docker build -t pmo-bot .
FROM python:3.13-slim AS built
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app/src
COPY requirements.txt .
RUN python -m venv /app && /app/bin/pip install -q --require-hashes --no-deps -r requirements.txt
COPY pyproject.toml README.md app_manifest.yml ./
COPY bot bot
RUN /app/bin/pip install -q --no-deps --no-build-isolation -e . && /app/bin/python -m compileall -q /app

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --create-home pmo
COPY --from=built /app /app
ENV PATH=/app/bin:$PATH HOST=0.0.0.0 PORT=3000 LOG_FORMAT=json DATABASE_URL=sqlite:////data/pmo.db \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER pmo
WORKDIR /data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"]
CMD ["pmo-bot", "run"]

# fails: changed
kubectl rollout restart deployment/api

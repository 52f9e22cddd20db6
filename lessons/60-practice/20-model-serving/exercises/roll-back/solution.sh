kubectl set image deployment/model model=nginx:1.25
kubectl rollout status deployment/model --timeout=2s
kubectl get rs,pods
kubectl rollout undo deployment/model
kubectl rollout history deployment/model
